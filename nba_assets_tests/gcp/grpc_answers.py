"""A gRPC server on loopback that answers as Google documents it, where an emulator refuses nothing."""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pyarrow as pa
from google.cloud.bigquery_storage_v1 import types as storage
from google.cloud.firestore_v1 import types as firestore
from google.protobuf.empty_pb2 import Empty
from google.pubsub_v1 import types as pubsub

LOG_TYPES = {"game_date": pa.date32(), "written_at": pa.timestamp("us", "UTC")}
Refusal = tuple[grpc.StatusCode, str]
"""A status and its text, as the API's reference or its own answers have them."""


@contextmanager
def answering(service: str, methods: dict[str, grpc.RpcMethodHandler]) -> Iterator[str]:
    """`host:port` of a server with those methods of the service."""
    server = grpc.server(ThreadPoolExecutor(8))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, methods),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


class FirestoreAnswers:
    """An empty Firestore; each call of a method takes the next of its `refusals` first."""

    def __init__(self, **refusals: list[Refusal]) -> None:
        self.refusals = refusals
        self.calls: Counter[str] = Counter()
        self.written: list[str] = []

    @contextmanager
    def serve(self) -> Iterator[str]:
        methods = {
            "BatchGetDocuments": grpc.unary_stream_rpc_method_handler(self._found),
            "Commit": grpc.unary_unary_rpc_method_handler(self._commit),
            "RunQuery": grpc.unary_stream_rpc_method_handler(self._query),
        }
        with answering("google.firestore.v1.Firestore", methods) as address:
            yield address

    def _found(self, request: bytes, context: Any) -> Iterator[bytes]:
        self._take("read", context)
        time = {"seconds": 1763164800}
        for name in firestore.BatchGetDocumentsRequest.deserialize(request).documents:
            found = firestore.BatchGetDocumentsResponse(missing=name, read_time=time)
            yield firestore.BatchGetDocumentsResponse.serialize(found)

    def _commit(self, request: bytes, context: Any) -> bytes:
        self._take("commit", context)
        writes = firestore.CommitRequest.deserialize(request).writes
        self.written += [one.update.name.rsplit("/", 1)[1] for one in writes]
        results = [firestore.WriteResult() for _ in writes]
        return firestore.CommitResponse.serialize(firestore.CommitResponse(write_results=results))

    def _query(self, request: bytes, context: Any) -> Iterator[bytes]:
        self._take("query", context)
        yield firestore.RunQueryResponse.serialize(firestore.RunQueryResponse(read_time={"seconds": 1763164800}))

    def _take(self, method: str, context: Any) -> None:
        self.calls[method] += 1
        if self.refusals.get(method):
            context.abort(*self.refusals[method].pop(0))


class PubSubAnswers:
    """A subscription: a stream that is opened takes the next of `refusals`, or else is sent what `tell` is given."""

    def __init__(self, *refusals: Refusal) -> None:
        self.refusals = list(refusals)
        self.acknowledged: list[str] = []
        self.back: list[str] = []
        self.changed = threading.Condition()
        self._told: queue.SimpleQueue[tuple[str, dict[str, str]]] = queue.SimpleQueue()

    @contextmanager
    def serve(self) -> Iterator[str]:
        methods = {
            "StreamingPull": grpc.stream_stream_rpc_method_handler(self._pull),
            "Acknowledge": grpc.unary_unary_rpc_method_handler(self._acknowledge),
            "ModifyAckDeadline": grpc.unary_unary_rpc_method_handler(self._modify),
        }
        with answering("google.pubsub.v1.Subscriber", methods) as address:
            yield address

    def tell(self, identity: str, **attributes: str) -> None:
        self._told.put((identity, attributes))

    def has_acknowledged(self, *identities: str) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: set(self.acknowledged) == set(identities), 10.0)

    def _pull(self, requests: Iterator[bytes], context: Any) -> Iterator[bytes]:
        if self.refusals:
            context.abort(*self.refusals.pop(0))
        while context.is_active():
            try:
                identity, attributes = self._told.get(timeout=0.05)
            except queue.Empty:
                continue
            message = pubsub.PubsubMessage(message_id=identity, attributes=attributes)
            one = pubsub.ReceivedMessage(ack_id=identity, message=message)
            yield pubsub.StreamingPullResponse.serialize(pubsub.StreamingPullResponse(received_messages=[one]))

    def _acknowledge(self, request: bytes, context: Any) -> bytes:
        with self.changed:
            self.acknowledged += pubsub.AcknowledgeRequest.deserialize(request).ack_ids
            self.changed.notify_all()
        return Empty().SerializeToString()

    def _modify(self, request: bytes, context: Any) -> bytes:
        found = pubsub.ModifyAckDeadlineRequest.deserialize(request)
        if found.ack_deadline_seconds == 0:
            self.back += found.ack_ids
        return Empty().SerializeToString()


class ReadAnswers:
    """BigQuery's Storage Read API of tables without rows; each session that is opened takes a refusal first."""

    def __init__(self, *refusals: Refusal) -> None:
        self.refusals = list(refusals)
        self.asked: list[Any] = []

    @contextmanager
    def serve(self) -> Iterator[str]:
        methods = {"CreateReadSession": grpc.unary_unary_rpc_method_handler(self._session)}
        with answering("google.cloud.bigquery.storage.v1.BigQueryRead", methods) as address:
            yield address

    def _session(self, request: bytes, context: Any) -> bytes:
        found = storage.CreateReadSessionRequest.deserialize(request)
        self.asked.append(found)
        if self.refusals:
            context.abort(*self.refusals.pop(0))
        wanted = found.read_session.read_options.selected_fields
        schema = pa.schema([(name, LOG_TYPES.get(name, pa.string())) for name in wanted])
        answer = storage.ReadSession(arrow_schema={"serialized_schema": schema.serialize().to_pybytes()})
        return storage.ReadSession.serialize(answer)

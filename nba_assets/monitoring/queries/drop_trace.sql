-- Every execution that a drop fed, in order.
-- @since: 87600 hours
SELECT phase, processor_name, game_date, status, started_at, completed_at, records_processed, error_message
FROM nba_orchestration.pipeline_execution_log
WHERE @correlation_id IN UNNEST(correlation_ids) AND started_at BETWEEN @since AND @now
ORDER BY phase, started_at, processor_name, game_date

-- Why executions were skipped, by phase.
SELECT
  phase,
  COALESCE(JSON_VALUE(metadata, '$.skip_reason'), JSON_VALUE(metadata, '$.outcome'), 'unchanged') AS reason,
  COUNT(*) AS executions,
  MAX(started_at) AS last_occurrence
FROM nba_orchestration.pipeline_execution_log
WHERE status = 'skipped' AND started_at BETWEEN @since AND @now
GROUP BY phase, reason
ORDER BY phase, executions DESC, reason

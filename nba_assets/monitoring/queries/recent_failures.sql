-- What failed, by phase, step and error: how often, when last, and one of the messages.
SELECT
  phase,
  processor_name,
  error_type,
  COUNT(*) AS failures,
  MAX(started_at) AS last_occurrence,
  MAX(error_message) AS example
FROM nba_orchestration.pipeline_execution_log
WHERE status = 'failed' AND started_at BETWEEN @since AND @now
GROUP BY phase, processor_name, error_type
ORDER BY failures DESC, phase, processor_name

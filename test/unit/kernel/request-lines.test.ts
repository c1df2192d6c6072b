import { describe, expect, it } from '@jest/globals';
import { createRequestRecorder } from '../../../src/endpoints/http/request-log.ts';
import { createLogger } from '../../../src/kernel/logger.ts';
import { createTelemetry } from '../../../src/kernel/telemetry.ts';

function recorder(level: 'info' | 'warn') {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const telemetry = createTelemetry();
  const logger = createLogger({ level, pretty: false, destination });
  const record = createRequestRecorder({ logger, requests: telemetry.requests });
  return { lines, telemetry, logger, record };
}

const seen = { requestId: 'r-1', method: 'GET', route: '/users/:id', status: 404, startedAt: performance.now() - 3 };

describe('what is kept of each request', () => {
  it('is a line of the form that the logger gives every other one', () => {
    const { lines, logger, record } = recorder('info');

    record(seen);
    logger.info({ requestId: 'r-1', method: 'GET', route: '/users/:id', status: 404, ms: 3 }, 'request');

    const [ours, theirs] = lines.map((line) => JSON.parse(line));
    expect(lines[0]).toMatch(/\}\n$/);
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    expect({ ...ours, time: '', ms: 0 }).toEqual({ ...theirs, time: '', ms: 0 });
    expect(ours.ms).toBeGreaterThanOrEqual(3);
    expect(new Date(ours.time).toISOString()).toBe(ours.time);
  });

  it('is no line below the level asked for', () => {
    const { lines, record } = recorder('warn');

    record(seen);

    expect(lines).toEqual([]);
  });

  it('is a histogram of Prometheus: cumulative buckets, sum and count by route, method and status class', async () => {
    const { telemetry, record } = recorder('warn');

    record(seen);
    record({ ...seen, status: 403, startedAt: performance.now() - 30_000 });
    record({ ...seen, method: 'BREW', status: 200 });

    const text = await telemetry.registry.metrics();
    const values = text.split('\n').filter((line) => line.startsWith('doorward_http_request_duration_seconds'));
    const labels = 'route="/users/:id",method="GET",status="4xx"';
    expect(values).toContain(`doorward_http_request_duration_seconds_bucket{le="0.001",${labels}} 0`);
    expect(values).toContain(`doorward_http_request_duration_seconds_bucket{le="10",${labels}} 1`);
    expect(values).toContain(`doorward_http_request_duration_seconds_bucket{le="+Inf",${labels}} 2`);
    expect(values).toContain(`doorward_http_request_duration_seconds_count{${labels}} 2`);
    expect(values.some((line) => line.includes('method="other",status="2xx"'))).toBe(true);
    expect(text).toContain('# TYPE doorward_http_request_duration_seconds histogram');
  });
});

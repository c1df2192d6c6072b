import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { RequestDurations } from './request-durations.ts';

/**
 * Every metric of the product in one place; names follow the Prometheus conventions (base units, `_total`).
 * Rooms and doors get the one instrument they use, never the registry.
 */
export function createTelemetry() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'doorward_', eventLoopMonitoringPrecision: 20 });

  const requests = new RequestDurations(registry);
  const signIns = new Counter({
    name: 'doorward_sign_ins_total',
    help: 'Sign-in attempts by result: succeeded, or the reason why not',
    labelNames: ['result'] as const,
    registers,
  });
  const tokens = new Counter({
    name: 'doorward_tokens_issued_total',
    help: 'Tokens issued by kind and grant type',
    labelNames: ['kind', 'grant_type'] as const,
    registers,
  });
  const refusals = new Counter({
    name: 'doorward_oauth_errors_total',
    help: 'OAuth and OpenID Connect requests refused, by endpoint and error code',
    labelNames: ['endpoint', 'error'] as const,
    registers,
  });

  const refusalsCounted = new Counter({
    name: 'doorward_audit_refusals_summed_up_total',
    help: 'Refusals of unknown callers that are in the audit log as a number, by event type',
    labelNames: ['type'] as const,
    registers,
  });
  const mails = new Counter({
    name: 'doorward_mails_total',
    help: 'Mails by kind, and what became of each attempt: sent, skipped (nobody to send it to), refused, failed (tried again), or no mail server',
    labelNames: ['kind', 'result'] as const,
    registers,
  });
  const deliveries = new Counter({
    name: 'doorward_deliveries_total',
    help: 'Attempts to deliver an outbox message, by its type and how they ended',
    labelNames: ['type', 'result'] as const,
    registers,
  });

  return {
    registry,
    deliveries,
    refusalsCounted,
    requests,
    signIns,
    tokens,
    refusals,
    mails,
    /** A value that is read when Prometheus asks; a failing read leaves the gauge out of that answer. */
    gauge(name: string, help: string, read: () => number | undefined | Promise<number | undefined>): void {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          const value = await Promise.resolve(read()).catch(() => undefined);
          if (value === undefined) this.reset();
          else this.set(value);
        },
      });
    },
  };
}

export type Telemetry = ReturnType<typeof createTelemetry>;

import type { AuditRecord } from '../domain/audit/audit-record.ts';
import { auditCatalogue, isAuditType } from '../domain/audit/catalogue.ts';
import { searchAudit } from '../domain/audit/search-audit.ts';
import { argument, asJson, type Command, CommandFailed, isSet } from './command.ts';
import { everyPage } from './every-page.ts';
import { workOn } from './work-on.ts';

export const doctorRequestCommand: Command = {
  name: 'doctor request',
  usage: 'ID [--json]',
  summary: 'Tell what happened in one request, and why it was refused, by the id an error page or X-Request-Id showed',
  arguments: ['ID'],
  options: { json: { type: 'boolean' } },
  run: (invocation) =>
    workOn(invocation, 'doctor request', async ({ read }) => {
      const requestId = argument(invocation, 0);
      const events = await everyPage((page) => searchAudit(read, { filters: { requestId }, ...page }));
      if (events.length === 0)
        throw new CommandFailed(
          `The audit log has nothing of a request ${requestId}: it was answered before anything was decided, the id is another, or so many unknown callers were refused in that minute that they are in the log as one event (refusals.summed-up; the server's own log has the id).`,
        );
      const ordered = events.toReversed();
      if (isSet(invocation.values.json)) await invocation.say(asJson(ordered));
      else for (const event of ordered) await invocation.say(wordsOf(event).join('\n'));
      return 0;
    }),
};

function wordsOf(event: AuditRecord): readonly string[] {
  const { occurredAt, type, outcome, reason, clientId, targetType, targetId, ipAddress, details } = event;
  const facts: readonly (readonly [string, string | null])[] = [
    ['reason', reason],
    ['client', clientId],
    [targetType ?? 'target', targetId],
    ['from', ipAddress],
  ];
  return [
    `${occurredAt.toISOString()}  ${isAuditType(type) ? auditCatalogue[type] : type} (${type}, ${outcome})`,
    ...facts.flatMap(([name, value]) => (value === null ? [] : [`  ${name}: ${value}`])),
    ...Object.entries(details ?? {}).map(
      ([name, value]) => `  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ];
}

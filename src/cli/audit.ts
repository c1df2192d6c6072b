import { setTimeout as pause } from 'node:timers/promises';
import type { AuditRecord } from '../domain/audit/audit-record.ts';
import { exportAudit } from '../domain/audit/export-audit.ts';
import { searchAudit } from '../domain/audit/search-audit.ts';
import { type AuditFault, verifyAudit } from '../domain/audit/verify-audit.ts';
import type { Reader } from '../persistence/unit-of-work.ts';
import { type Command, type Invocation, isSet, momentOf, textOf, UsageError } from './command.ts';
import { verificationKeys } from './verification-keys.ts';
import { workOn } from './work-on.ts';

const FAULTS: Readonly<Record<AuditFault, string>> = {
  missing: 'an event is missing there: removed, or cut off',
  changed: 'the event there is not what was sealed: changed, moved or inserted',
  personal_details: 'what the event there says of a person was changed, or removed without their erasure',
  checkpoint_invalid: 'the checkpoint there was signed by none of our keys',
  checkpoint_missing: 'events from there on have no checkpoint: inserted, or the checkpoint was removed',
};

const verify: Command = {
  name: 'audit verify',
  usage: '',
  summary: 'Recompute the hash chain of the audit log; exit code 1 and the first bad sequence when it is broken',
  run: (invocation) =>
    workOn(invocation, 'audit verify', async (installation) => {
      const verdict = await verifyAudit(installation.read, await verificationKeys(installation));
      if (verdict.ok) {
        const { verified, checkpoints, head } = verdict;
        await invocation.say(
          `The audit log is intact: ${verified} sealed events, ${checkpoints} checkpoints, head ${head.hash.toString('hex')}.`,
        );
        return 0;
      }
      const { firstBadSequence, fault, verified } = verdict;
      await invocation.say(
        `The audit log is broken at sequence ${firstBadSequence}: ${FAULTS[fault]}. ${verified} events before it are intact.`,
      );
      return 1;
    }),
};

const exportCommand: Command = {
  name: 'audit export',
  usage: '[--from TIME] [--to TIME]',
  summary: 'Write audit events to standard output as JSON lines, in the order of the chain',
  options: { from: { type: 'string' }, to: { type: 'string' } },
  run: (invocation) =>
    workOn(invocation, 'audit export', async ({ read }) => {
      const { values, terminal } = invocation;
      const period = { from: momentOf(values.from, 'from'), to: momentOf(values.to, 'to') };
      for await (const line of exportAudit(read, period)) {
        if (terminal.signal.aborted) return 1;
        await terminal.out(line);
      }
      return 0;
    }),
};

const LONGEST_TAIL = 1000;
const FOLLOW_EVERY_MS = 500;

const tail: Command = {
  name: 'audit tail',
  usage: '[-n COUNT] [--follow] [--json]',
  summary: 'Show the latest audit events, and with --follow those that come',
  options: {
    lines: { type: 'string', short: 'n' },
    follow: { type: 'boolean', short: 'f' },
    json: { type: 'boolean' },
  },
  run: (invocation) =>
    workOn(invocation, 'audit tail', async ({ read }) => {
      const { values, terminal } = invocation;
      const count = Number(textOf(values.lines) ?? '20');
      if (!Number.isInteger(count) || count < 1 || count > LONGEST_TAIL)
        throw new UsageError(`-n takes a number from 1 to ${LONGEST_TAIL}.`);
      const { items } = await searchAudit(read, { filters: {}, cursor: undefined, limit: count });
      for (const event of items.toReversed()) await showEvent(invocation, event);
      if (isSet(values.follow)) await follow(read, invocation, terminal.signal, new Set(items.map(({ id }) => id)));
      return 0;
    }),
};

async function follow(read: Reader, invocation: Invocation, signal: AbortSignal, shown: Set<string>): Promise<void> {
  while (!signal.aborted) {
    await pause(FOLLOW_EVERY_MS, undefined, { signal }).catch(() => undefined);
    const { items } = await searchAudit(read, { filters: {}, cursor: undefined, limit: LONGEST_TAIL });
    const fresh = items.filter(({ id }) => !shown.has(id));
    shown.clear();
    for (const { id } of items) shown.add(id);
    for (const event of fresh.toReversed()) await showEvent(invocation, event);
  }
}

async function showEvent({ say, values }: Invocation, event: AuditRecord): Promise<void> {
  if (isSet(values.json)) return say(JSON.stringify(event));
  const { occurredAt, type, outcome, reason, actorType, actorId, targetType, targetId } = event;
  const target = targetId === null ? '' : ` → ${targetType} ${targetId}`;
  await say(
    `${occurredAt.toISOString()} ${type} ${outcome}${reason === null ? '' : ` (${reason})`} ${actorType} ${actorId}${target}`,
  );
}

export const auditCommands: readonly Command[] = [verify, exportCommand, tail];

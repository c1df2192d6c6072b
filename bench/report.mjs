import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** docs/reference/performance.md: written by a run, never by hand. */
export function writeReport(file, rows, { idleMegabytes, firstAnswerSeconds, machine, versions, extra = [] }) {
  const table = rows.map(({ name, wanted, isReached, bare, doorward, ratio }) =>
    [
      name,
      bare.perSecond.toFixed(0),
      doorward.perSecond.toFixed(0),
      `**${ratio.toFixed(2)}**`,
      `${wanted}${isReached ? '' : ' (short)'}`,
      bare.nodeMicros.toFixed(0),
      doorward.nodeMicros.toFixed(0),
      doorward.postgresMicros.toFixed(0),
      doorward.p50.toFixed(1),
      doorward.p99.toFixed(1),
    ].join(' | '),
  );
  const text = `# Performance

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}. Doorward with PostgreSQL, audit, logs and metrics on, against
bare oidc-provider with its memory adapter in the same run, rounds interleaved, medians.
${machine.pinned ? 'Server and PostgreSQL share one core; the client has another.' : 'This system cannot pin processes to cores; figures are rougher.'}
Machine: ${machine.cores} × ${machine.cpu}, ${machine.memoryGigabytes} GB. Versions: ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.

| scenario | bare /s | Doorward /s | ratio | wanted | bare CPU µs | Node CPU µs | PostgreSQL CPU µs | p50 ms | p99 ms |
|---|---|---|---|---|---|---|---|---|---|
${table.map((line) => `| ${line} |`).join('\n')}

- Idle memory of the server process: ${idleMegabytes.idle.toFixed(0)} MB half a minute after its start, ${idleMegabytes.started.toFixed(0)} MB three seconds after it (wanted: at most 150).
- First discovery answer after process start on an existing data directory: ${firstAnswerSeconds.toFixed(2)} s (wanted: at most 2).
${extra.map((line) => `- ${line}\n`).join('')}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

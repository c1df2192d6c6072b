// docs/reference/metrics.md, from what a running server answers at /metrics and from the declared labels.
import { page, table } from './page.mjs';

/** `exposition` is the Prometheus text of a running server; `declared` its instruments as prom-client lists them. */
export function metricsPage({ exposition, declared }) {
  const labels = new Map(declared.map(({ name, labelNames }) => [name, labelNames]));
  const metrics = readExposition(exposition).sort((a, b) => (a.name < b.name ? -1 : 1));
  const rowsOf = (list) =>
    list.map(({ name, type, help }) => [
      `\`${name}\``,
      type,
      (labels.get(name) ?? []).map((label) => `\`${label}\``).join(', ') || '–',
      help,
    ]);
  const isProcess = ({ name }) => /^doorward_(process|nodejs)_/.test(name);
  const head = ['Metric', 'Type', 'Labels', 'What it counts'];
  return page(
    'Metrics',
    `\`GET /metrics\` answers in the Prometheus text format. It holds no names of people, clients or addresses.

- With \`DOORWARD_METRICS_TOKEN\` it asks everyone for that token: \`Authorization: Bearer …\`, else 401.
- Without, in production, it answers programs on the same machine that call it by a loopback name and not through a proxy; others
  get 403. In development it is open, as far as loopback goes.`,
    '## The product',
    table(head, rowsOf(metrics.filter((metric) => !isProcess(metric)))),
    '## The process',
    table(head, rowsOf(metrics.filter(isProcess))),
    `## Worth an alarm

- \`doorward_audit_unsealed_rows\` above a few hundred for a minute: the sealer does not run.
- \`doorward_outbox_due_messages\` growing: relying parties do not accept their logout notices.
- \`doorward_outbox_failed_messages\` above zero: somebody was not told of a leaver for a day; see \`/admin/v1/deliveries\`.
- \`doorward_deprovisioning_receipts_open\` above zero for an hour: \`doorward receipts list --open\` says whose.
- \`doorward_hashing_waiting\` above zero for long: more passwords are checked than the cores can hash.
- \`doorward_sign_ins_total{result="throttled"}\` rising: someone is guessing.
- \`doorward_audit_refusals_summed_up_total\` rising: someone floods the server with requests that it refuses.
- \`/health/ready\` other than 200: it says which check failed.`,
  );
}

/** Which metrics a text announces: `# HELP name words` and `# TYPE name type`. */
export function readExposition(text) {
  const metrics = new Map();
  for (const [, kind, name, rest] of text.matchAll(/^# (HELP|TYPE) (\S+) (.*)$/gm)) {
    const metric = metrics.get(name) ?? { name, type: '', help: '' };
    metrics.set(name, kind === 'HELP' ? { ...metric, help: rest } : { ...metric, type: rest });
  }
  // Linux alone has these; the page is the same wherever it is made.
  const elsewhere = /_(open_fds|max_fds|virtual_memory_bytes|heap_bytes)$/;
  return [...metrics.values()].filter(({ name }) => !elsewhere.test(name));
}

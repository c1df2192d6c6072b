// `npm run docs`: makes docs/reference from the code and from what a fresh server answers. With `--check` it only compares.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { adminApiPage } from './reference/admin-api.mjs';
import { auditEventsPage } from './reference/audit-events.mjs';
import { configurationPage } from './reference/configuration.mjs';
import { askFreshServer } from './reference/fresh-server.mjs';
import { metricsPage } from './reference/metrics.mjs';
import { standardsPage } from './reference/standards.mjs';
import { explain } from './run-child.mjs';
import { requireNode, root, setUp } from './setup.mjs';

const folder = join(root, 'docs', 'reference');

requireNode();
try {
  await setUp();
  const pages = await makePages();
  process.exitCode = process.argv.includes('--check') ? await check(pages) : await write(pages);
} catch (error) {
  explain(error);
  process.exitCode = 1;
}

async function makePages() {
  const load = (path) => import(pathToFileURL(join(root, 'dist', 'src', path)).href);
  const { variables } = await load('config/schema.js');
  const { auditCatalogue } = await load('domain/audit/catalogue.js');
  const { ADMIN_RESOURCE, adminPermissions } = await load('domain/access/admin-permissions.js');
  const { createTelemetry } = await load('kernel/telemetry.js');
  const declared = createTelemetry().registry.getMetricsAsArray();
  const { document, discovery, exposition } = await askFreshServer(join(root, 'dist', 'src', 'main.js'));
  return {
    'configuration.md': configurationPage({ variables }),
    'audit-events.md': auditEventsPage({ auditCatalogue }),
    'openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    'admin-api.md': adminApiPage({ document, resource: ADMIN_RESOURCE, permissions: adminPermissions }),
    'metrics.md': metricsPage({ exposition, declared }),
    'supported-standards.md': standardsPage({ discovery }),
  };
}

async function write(pages) {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(pages)) await writeFile(join(folder, name), text);
  console.log(`Wrote ${Object.keys(pages).length} pages to docs/reference`);
  return 0;
}

async function check(pages) {
  const stale = [];
  for (const [name, text] of Object.entries(pages)) {
    const present = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (present !== text) stale.push(`docs/reference/${name}: ${firstDifference(present, text)}`);
  }
  if (stale.length === 0) return 0;
  console.error(`Not fresh; run npm run docs and commit:\n${stale.join('\n')}`);
  return 1;
}

function firstDifference(present, wanted) {
  const [have, want] = [present.split('\n'), wanted.split('\n')];
  const line = want.findIndex((text, index) => text !== have[index]);
  const at = line < 0 ? want.length : line;
  return `line ${at + 1} is ${JSON.stringify(have[at] ?? '')}, not ${JSON.stringify(want[at] ?? '')}`;
}

import { describe, expect, it } from '@jest/globals';
import { type Import, importsOf, read, sourceFiles } from './source-files.ts';

const files = sourceFiles('src', 'views', 'migrations');
const imports = files.flatMap(importsOf);
const local = imports.filter((entry) => !entry.isPackage);

const show = ({ from, to }: Import) => `${from} → ${to}`;
const within = (path: string, ...folders: string[]) =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
const isCompose = (path: string) => /^src\/compose(-[a-z]+)?\.ts$/.test(path);
const under = (folder: string) => imports.filter((entry) => within(entry.from, folder));

/** DESIGN §1: what each layer may reach. */
const mayReach: Readonly<Record<string, readonly string[]>> = {
  'src/kernel': ['src/kernel'],
  'src/config': ['src/kernel', 'src/config'],
  'src/persistence': ['src/kernel', 'src/persistence', 'migrations'],
  'src/domain': ['src/kernel', 'src/persistence', 'src/domain'],
  'src/connectors': ['src/kernel', 'src/config', 'src/persistence', 'src/domain', 'src/connectors'],
  'src/workers': ['src/kernel', 'src/config', 'src/persistence', 'src/domain', 'src/workers'],
  'src/endpoints': ['src/kernel', 'src/config', 'src/persistence', 'src/domain', 'src/endpoints', 'views'],
  'src/cli': [
    ...['src/kernel', 'src/config', 'src/persistence', 'src/domain', 'src/cli'],
    // `doctor` tries what the server would use.
    ...['src/connectors/smtp.ts', 'src/connectors/place-database.ts', 'src/endpoints/http/own-words.ts'],
  ],
  views: ['views'],
  migrations: [],
};

/** Low to high: a room may use rooms of its own height or below. */
const roomHeight: Readonly<Record<string, number>> = {
  audit: 2,
  notifications: 1,
  deliveries: 1,
  receipts: 2,
  'directory-filter': 1,
  keys: 1,
  clients: 2,
  credentials: 2,
  'user-attributes': 2,
  users: 2,
  signals: 3,
  sessions: 3,
  groups: 3,
  organizations: 3,
  branding: 3,
  access: 4,
  provisioning: 4,
  federation: 4,
  authentication: 4,
  policy: 4,
  lifecycle: 5,
  bulk: 6,
  declaration: 6,
};

describe('imports go one way (DESIGN §1)', () => {
  for (const [layer, reachable] of Object.entries(mayReach)) {
    it(`${layer} reaches only ${reachable.join(', ') || 'packages'}`, () => {
      const wrong = local.filter((entry) => within(entry.from, layer) && !within(entry.to, ...reachable));

      expect(wrong.map(show)).toEqual([]);
    });
  }

  it('rooms use rooms of their own height or below, and never the table of another room', () => {
    const roomOf = (path: string) => /^src\/domain\/([^/]+)\//.exec(path)?.[1];
    const across = local.filter(
      (entry) => roomOf(entry.from) && roomOf(entry.to) && roomOf(entry.from) !== roomOf(entry.to),
    );
    const upward = across.filter(
      (entry) => (roomHeight[roomOf(entry.from) ?? ''] ?? -1) < (roomHeight[roomOf(entry.to) ?? ''] ?? 99),
    );
    const tables = across.filter((entry) => /-table\.ts$/.test(entry.to));

    expect(upward.map(show)).toEqual([]);
    expect(tables.map(show)).toEqual([]);
  });

  it('doors never import one another; all of them may use endpoints/http', () => {
    const doorOf = (path: string) => /^src\/endpoints\/([^/]+)\//.exec(path)?.[1];
    const wrong = local.filter(
      (entry) =>
        doorOf(entry.from) &&
        doorOf(entry.to) &&
        doorOf(entry.to) !== 'http' &&
        doorOf(entry.from) !== doorOf(entry.to),
    );

    expect(wrong.map(show)).toEqual([]);
  });

  it('compose and compose-* know everyone, and only main and they themselves import them', () => {
    const wrong = local.filter(
      (entry) => isCompose(entry.to) && entry.from !== 'src/main.ts' && !isCompose(entry.from),
    );
    const stray = files.filter((file) => /^src\/[^/]+$/.test(file) && file !== 'src/main.ts' && !isCompose(file));

    expect(wrong.map(show)).toEqual([]);
    expect(stray).toEqual([]);
  });

  it('oidc-provider is imported in endpoints/oidc alone, and HTTP frameworks in doors alone', () => {
    const provider = imports.filter(
      (entry) => entry.isPackage && entry.to.startsWith('oidc-provider') && !within(entry.from, 'src/endpoints/oidc'),
    );
    const koa = under('src').filter(
      (entry) =>
        entry.isPackage &&
        /^(koa|@koa\/)/.test(entry.to) &&
        !within(entry.from, 'src/endpoints') &&
        !isCompose(entry.from),
    );

    expect(provider.map(show)).toEqual([]);
    expect(koa.map(show)).toEqual([]);
  });

  it('there are no cycles', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        local.filter((entry) => entry.from === file && entry.to !== file).map((entry) => entry.to),
      ]),
    );

    expect(findCycle(graph)).toBeUndefined();
  });

  it('there are no barrels: no index.ts, and no file that only re-exports', () => {
    const barrels = files.filter(
      (file) => /(^|\/)index\.tsx?$/.test(file) || /^(\s*export\s[^;=]*\sfrom\s[^;]*;\s*)+$/.test(read(file)),
    );

    expect(barrels).toEqual([]);
  });
});

function findCycle(graph: ReadonlyMap<string, readonly string[]>): string | undefined {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node].join(' → ');
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle) return cycle;
  }
  return undefined;
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { freshDatabase } from '../support/database.ts';
import { cleanEnvironment, root, run } from '../support/server.ts';
import { read } from './source-files.ts';

it('STYLE 34: docs/reference is what npm run docs makes of the code', async () => {
  const database = await freshDatabase();
  const program = run([join(root, 'scripts', 'docs.mjs'), '--check'], {
    ...cleanEnvironment(),
    DOCS_DATABASE_URL: database.url,
  });

  const code = await program.exited;
  await database.drop();

  expect({ code, output: program.output() }).toEqual({ code: 0, output: expect.any(String) });
}, 120_000);

it('every standard that docs/reference/supported-standards.md names has a test that names it', () => {
  const titles = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.tsx?$/.test(name))
    .map((name) => read(join('test', name)))
    .join('\n');
  const list = read('scripts/reference/standards.mjs');
  const rules = [...list.matchAll(/^ {2}\[\s*'[^']+',\s*'([^']+)'/gm)].map(([, rule]) => rule ?? '');

  expect(rules.length).toBeGreaterThan(15);
  expect(rules.filter((rule) => !titles.includes(rule))).toEqual([]);
});

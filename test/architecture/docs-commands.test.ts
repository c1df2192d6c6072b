import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commands } from '../../src/cli/commands.ts';
import { variables } from '../../src/config/schema.ts';
import { read, root } from './source-files.ts';

const guides = readdirSync(join(root, 'docs', 'guides')).map((name) => `docs/guides/${name}`);
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'keys/README.md', 'docs/architecture.md', ...guides];
const scripts: Record<string, string> = JSON.parse(read('package.json')).scripts;
const names = new Set(commands.map(({ name }) => name));
const groups = new Set([...names].map((name) => name.split(' ')[0] ?? ''));

describe.each(pages)('%s (DESIGN §8, STYLE 32)', (page) => {
  const text = read(page);

  it('names only npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? '');

    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('names only commands and options that doorward has', () => {
    const lines = [...text.matchAll(/(?:npm run doorward --|npx doorward|(?<![\w/.-])doorward) +([a-z][^\n`#;]*)/g)];
    const wrong = lines.map(([, words]) => words ?? '').filter((words) => !isKnown(words));

    expect(wrong).toEqual([]);
  });

  it('names only settings that exist', () => {
    const named = [...text.matchAll(/\bDOORWARD_[A-Z_]*[A-Z]\b/g)].map(([name]) => name.replace(/_FILE$/, ''));
    const isSetting = (name: string) => Object.hasOwn(variables, name) || name.startsWith('DOORWARD_TEST_');

    expect(named.filter((name) => !isSetting(name))).toEqual([]);
  });

  it('links only to files that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, path]) => path ?? '');
    const missing = links.filter((path) => !existsSync(join(root, dirname(page), path)));

    expect(missing).toEqual([]);
  });
});

/** `users create …`: a command, with options that it takes. Words that begin no command are prose. */
function isKnown(words: string): boolean {
  const [first = '', second = ''] = words.split(/\s+/);
  if (!groups.has(first)) return /^(help|start)$/.test(first) || !looksLikeCommand(words);
  const command = commands.find(({ name }) => name === `${first} ${second}` || name === first);
  if (command === undefined) return false;
  const options = [...words.matchAll(/(?<=\s)--([a-z-]+)/g)].map(([, name]) => name ?? '');
  return options.every((name) => Object.hasOwn(command.options ?? {}, name));
}

function looksLikeCommand(words: string): boolean {
  return /\s-{1,2}\w/.test(words) || /^(doctor|serve|init|login|import|rollback)\b/.test(words);
}

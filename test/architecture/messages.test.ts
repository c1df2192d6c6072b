import { describe, expect, it } from '@jest/globals';
import { parseSync } from '@swc/core';
import { sources } from '../../views/messages/catalogue.ts';
import type { MessageTree } from '../../views/messages/compile.ts';
import { read, sourceFiles } from './source-files.ts';

const views = sourceFiles('views').filter((file) => !file.startsWith('views/messages/'));

/** Kept mails, which there are in development alone; code to copy; and what is no text. */
const englishOnly =
  /^views\/dev\/|^views\/(api-reference\/(openapi|schema-fields)|integrate-snippets|email\/styles|brand-sheet|render)/;

type Node = { readonly type?: string; readonly [key: string]: unknown };

/** Two words in a row, or one that begins like a sentence. */
const WORDS = /\p{L}{2,} \p{L}|^\p{Lu}\p{Ll}{2,}[.:?!…]?$/u;
const SHOWN = new Set(['label', 'title', 'aria-label', 'alt', 'placeholder', 'hint']);
const UNSEEN = new Set([
  'class',
  'autocomplete',
  'autoComplete',
  'accept-charset',
  'content',
  'viewBox',
  'd',
  'shape-rendering',
  'rel',
]);

/** Texts in a file that a person could read and a translator could not reach. */
function bareTexts(node: unknown, found: string[] = [], attribute?: string): string[] {
  if (Array.isArray(node)) for (const one of node) bareTexts(one, found, attribute);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return found;
  const { type, value, ...rest } = node as Node;
  if (type === 'ImportDeclaration' || type === 'TsLiteralType' || type === 'RegExpLiteral') return found;
  if (type === 'JSXText' && /\p{L}{2,}/u.test(String(value).replace(/&\w+;/g, ''))) found.push(String(value).trim());
  if (type === 'JSXAttribute') {
    const name = String((rest.name as Node).value);
    if (!UNSEEN.has(name)) bareTexts(value, found, name);
    return found;
  }
  if (type === 'StringLiteral' || type === 'TemplateElement') {
    const text = String(value ?? rest.cooked);
    if (attribute !== undefined && SHOWN.has(attribute) ? /\p{L}{2,}/u.test(text) : WORDS.test(text)) found.push(text);
  }
  for (const part of [value, ...Object.values(rest)]) bareTexts(part, found, attribute);
  return found;
}

describe('what people read stands in the catalogues', () => {
  it('no view holds a text of its own', () => {
    const bare = views
      .filter((file) => !englishOnly.test(file))
      .flatMap((file) => {
        const module = parseSync(read(file), { syntax: 'typescript', tsx: file.endsWith('x') });
        return bareTexts(module.body).map((text) => `${file}: ${text}`);
      });

    expect(bare).toEqual([]);
  });

  it('every message is used', () => {
    const all = [...views, ...sourceFiles('src')].map(read);
    const unused = Object.entries(sources.en).flatMap(([page, messages]) => {
      const users = all.filter((text) => new RegExp(`['.]${page}\\b`).test(text));
      return users.length === 0 ? [page] : unusedIn(messages, users.join('\n')).map((path) => `${page}.${path}`);
    });

    expect(unused).toEqual([]);
  });
});

/** A group that is handed on or asked by a computed key (`text.problem[kind]`) is used as a whole. */
function unusedIn(tree: MessageTree, users: string): string[] {
  if (typeof tree === 'string') return [];
  const isNamed = (key: string) => new RegExp(`[.{,]\\s*${key}\\b|['\`]${key}['\`]`).test(users);
  const isUsedWhole = (key: string) => new RegExp(`\\.${key}\\b(?!\\.)`).test(users);
  const named = Object.entries(tree).filter(([key]) => isNamed(key));
  if (named.length === 0) return [];
  return Object.entries(tree).flatMap(([key, part]) => {
    if (!isNamed(key)) return [key];
    return isUsedWhole(key) ? [] : unusedIn(part, users).map((path) => `${key}.${path}`);
  });
}

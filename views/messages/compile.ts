import { IntlMessageFormat } from 'intl-messageformat';
import type { ComponentChildren } from 'preact';
import type { Filling } from './message-types.ts';

/** A group of messages, or a message. */
export type MessageTree = string | { readonly [key: string]: MessageTree };

type CompiledTree =
  | string
  | ((values: Readonly<Record<string, Filling>>) => ComponentChildren)
  | { readonly [key: string]: CompiledTree };

/** ICU syntax begins with one of these; all else is its own text. */
const SYNTAX = /[{}']/;
const HAS_PLACES = /\{/;

/**
 * English decides what is a text and what is a function, so that views are the same in every language. Messages are read
 * once; what has no places costs nothing when a page is made.
 */
export function compile(english: MessageTree, translated: MessageTree, tag: string): CompiledTree {
  if (typeof english !== 'string') {
    const group = typeof translated === 'string' ? {} : translated;
    return Object.fromEntries(
      Object.entries(english).map(([key, message]) => [key, compile(message, group[key] ?? message, tag)]),
    );
  }
  const message = typeof translated === 'string' ? translated : english;
  if (!HAS_PLACES.test(english)) return SYNTAX.test(message) ? String(parse(message, tag).format()) : message;
  const format = parse(message, tag);
  return (values) => join(format.formatToParts<unknown>(values));
}

/** Throws a SyntaxError when the message is not ICU MessageFormat. Tags have no meaning: elements fill places. */
export const parse = (message: string, tag: string): IntlMessageFormat =>
  new IntlMessageFormat(message, tag, undefined, { ignoreTag: true });

type Part = ReturnType<IntlMessageFormat['formatToParts']>[number];

function join(parts: readonly Part[]): ComponentChildren {
  const values = parts.map(({ value }) => value as ComponentChildren);
  return values.every((value) => typeof value === 'string') ? values.join('') : values;
}

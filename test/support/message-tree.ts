import type { MessageTree } from '../../views/messages/compile.ts';

/** All messages of a catalogue by their path (`login.problem.form_expired.title`). */
export function messagesIn(tree: MessageTree, path = ''): ReadonlyMap<string, string> {
  if (typeof tree === 'string') return new Map([[path, tree]]);
  return new Map(
    Object.entries(tree).flatMap(([key, part]) => [...messagesIn(part, path === '' ? key : `${path}\n${key}`)]),
  );
}

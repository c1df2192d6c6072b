import type { AttributeChanges } from './attribute-changes.ts';

/**
 * A change of attributes as an audit event: which ones stays with the event, what they were and are goes when the person is
 * erased. `open` are changes that say nothing of the person.
 */
export const personalChanges = (changed: AttributeChanges, open: AttributeChanges = {}) => ({
  details: { changed: { ...Object.fromEntries(Object.keys(changed).map((name) => [name, {}])), ...open } },
  personal: { changed: { ...changed, ...open } },
});

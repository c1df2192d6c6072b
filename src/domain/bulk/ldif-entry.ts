const PLACES = { uid: 'people', cn: 'groups' } as const;

/** RFC 4514: where a person, a group or a role of ours would stand. */
export const dnOf = (attribute: keyof typeof PLACES, name: string, place: string = PLACES[attribute]): string =>
  `${attribute}=${name.replaceAll(/[,\\#+<>;"=]/g, '\\$&')},ou=${place}`;

/** RFC 4514: `cn=Sales,ou=groups,dc=example` is called Sales. Undefined for a DN that begins with another attribute. */
export const namedBy = (attribute: 'cn' | 'uid', dn: string): string | undefined =>
  new RegExp(`^${attribute}=((?:\\\\.|[^,\\\\+])+)`, 'i').exec(dn)?.[1]?.replaceAll(/\\(.)/g, '$1');

/** One entry, and the empty line after it. Attributes without a value are left out. */
export const ldifEntry = (lines: readonly (readonly [string, unknown])[]): string =>
  `${lines.flatMap(([attribute, value]) => (value === undefined || value === null ? [] : [ldifLine(attribute, String(value))])).join('\n')}\n\n`;

/** RFC 2849 §3: what is no SAFE-STRING is written in base64. */
function ldifLine(attribute: string, value: string): string {
  const isSafe = /^[\x21-\x39\x3b\x3d-\x7e][\x20-\x7e]*$/.test(value) && !value.endsWith(' ');
  return isSafe ? `${attribute}: ${value}` : `${attribute}:: ${Buffer.from(value, 'utf8').toString('base64')}`;
}

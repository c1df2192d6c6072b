/**
 * The directory-filter room owns the question language of RFC 7644 §3.4.2.2: reading it against a schema (RFC 7643 §7), and
 * answering it in SQL or in memory. It does not own what people and groups have: their rooms describe that with these types.
 */
export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'reference'
  | 'binary'
  | 'complex';

/** RFC 7643 §7: one attribute and its characteristics. */
export type Attribute = {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  readonly returned: 'always' | 'never' | 'default' | 'request';
  readonly uniqueness: 'none' | 'server' | 'global';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
};

export type Schema = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
};

/** RFC 7643 §6: what a resource is made of; `common` has the attributes of §3.1. */
export type ResourceShape = {
  readonly name: string;
  readonly common: readonly Attribute[];
  readonly schema: Schema;
  readonly extensions: readonly Schema[];
};

type Characteristics = Partial<Omit<Attribute, 'name' | 'description' | 'subAttributes'>>;

/** An attribute with the defaults of RFC 7643 §2.2. */
export const attribute = (name: string, description: string, characteristics: Characteristics = {}): Attribute => ({
  name,
  type: 'string',
  multiValued: false,
  description,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...characteristics,
});

export const complex = (
  name: string,
  description: string,
  subAttributes: readonly Attribute[],
  characteristics: Characteristics = {},
): Attribute => ({ ...attribute(name, description, { type: 'complex', ...characteristics }), subAttributes });

/** RFC 7643 §2.1: names are compared without regard to case. */
export const findAttribute = (attributes: readonly Attribute[] | undefined, name: string): Attribute | undefined =>
  attributes?.find((one) => one.name.toLowerCase() === name.toLowerCase());

/** RFC 7643 §3.1: what every resource has. */
export const commonAttributes: readonly Attribute[] = [
  attribute('schemas', 'The schemas this resource has attributes of.', {
    type: 'reference',
    referenceTypes: ['uri'],
    multiValued: true,
    required: true,
    caseExact: true,
    returned: 'always',
  }),
  attribute('id', 'Given by this server; never changes.', {
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  }),
  attribute('externalId', 'What the provisioning client calls this resource.', { caseExact: true }),
  complex(
    'meta',
    'About the resource itself.',
    [
      attribute('resourceType', 'The name of its resource type.', { caseExact: true, mutability: 'readOnly' }),
      attribute('created', 'When it was created.', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('lastModified', 'When it was last changed.', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('location', 'Its address.', {
        type: 'reference',
        referenceTypes: ['uri'],
        caseExact: true,
        mutability: 'readOnly',
      }),
      attribute('version', 'Its entity tag.', { caseExact: true, mutability: 'readOnly' }),
    ],
    { mutability: 'readOnly' },
  ),
];

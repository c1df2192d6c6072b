import { z } from 'zod';

/** Members of an object that holds attributes, each with what it takes. */
export type Shape = Readonly<Record<string, z.ZodType>>;
type Optional<S extends Shape> = { [Name in keyof S]: z.ZodExactOptional<S[Name]> };
type Removable<S extends Shape> = { [Name in keyof S]: z.ZodExactOptional<z.ZodNullable<S[Name]>> };

export const optional = <S extends Shape>(shape: S): Optional<S> =>
  Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, z.exactOptional(field)])) as Optional<S>;

/** As in a merge patch: `null` removes. */
export const removable = <S extends Shape>(shape: S): Removable<S> =>
  Object.fromEntries(
    Object.entries(shape).map(([name, field]) => [name, z.exactOptional(z.nullable(field))]),
  ) as Removable<S>;

const atMostOnePrimary = (
  items: readonly { readonly primary?: boolean }[],
  report: (path: PropertyKey[], message: string) => void,
): void => {
  const first = items.findIndex((item) => item.primary === true);
  items.forEach((item, index) => {
    if (item.primary === true && index !== first)
      report([index, 'primary'], 'at most one may be primary (RFC 7643 §2.4)');
  });
};

/** A list of values of one kind (RFC 7643 §2.4). */
export const multiValued = <Item extends z.ZodType<{ readonly primary?: boolean }>>(item: Item, maximum: number) =>
  z
    .array(item)
    .max(maximum, `expected at most ${maximum}`)
    .superRefine((items, context) =>
      atMostOnePrimary(items, (path, message) => context.addIssue({ code: 'custom', path, message })),
    );

import type { ComponentChild, ComponentChildren } from 'preact';

/** Every message of the English catalogue, in another language. */
export type Translation<Messages> = {
  readonly [Key in keyof Messages]: Messages[Key] extends string ? string : Translation<Messages[Key]>;
};

/** What a view reads: a message without places is a string, one with places a function of what fills them. */
export type Compiled<Messages> = Messages extends string
  ? [Places<Messages>] extends [never]
    ? string
    : Fill<Places<Messages>>
  : { readonly [Key in keyof Messages]: Compiled<Messages[Key]> };

export type Filling = ComponentChild | Date;

/** Text alone makes text; with an element among it, what a component can hold. */
export type Fill<Place extends string> = <Values extends Readonly<Record<Place, Filling>>>(
  values: Values,
) => Values[Place] extends string | number | Date ? string : ComponentChildren;

/** The names of the places of an ICU message: `{name}` and `{name, plural, …}`. A branch is never a single word. */
export type Places<Message extends string> = Message extends `${string}{${infer Rest}`
  ? PlaceOf<Rest> | Places<Rest>
  : never;

type PlaceOf<Rest extends string> = Rest extends `${infer Head}}${string}`
  ? Head extends `${infer Name},${string}`
    ? Word<Name>
    : Word<Head>
  : never;

type Word<Text extends string> = Text extends '' | `${string} ${string}` | `#${string}` ? never : Text;

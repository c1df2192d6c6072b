import type { ComponentChild } from 'preact';

type PhraseProps = { readonly text: string; readonly with: Readonly<Record<string, ComponentChild>> };

/** A sentence with `{name}` places filled by elements, so that a translation can order them as its grammar asks. */
export function Phrase({ text, with: values }: PhraseProps) {
  return <>{text.split(/\{(\w+)\}/).map((part, index) => (index % 2 === 0 ? part : values[part]))}</>;
}

/** As `Phrase`, where only text can stand: titles and attributes. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** A name that someone chose: isolated, so that its writing direction cannot rearrange the sentence around it. */
export function Name({ children }: { readonly children: string }) {
  return <bdi class="name">{children}</bdi>;
}

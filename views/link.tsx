import type { ComponentChildren } from 'preact';
import { safeUrl } from './safe-url.ts';

type LinkProps = {
  readonly href: string | undefined;
  readonly class?: string | undefined;
  readonly children: ComponentChildren;
};

/** A link whose address came from data: refused by `safeUrl`, it is only its text. */
export function Link({ href, class: className, children }: LinkProps) {
  const safe = safeUrl(href);
  return safe ? (
    <a href={safe} class={className}>
      {children}
    </a>
  ) : (
    <span>{children}</span>
  );
}

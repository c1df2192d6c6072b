import { CardPage } from './layout.tsx';
import { useMessages } from './look.ts';
import { Name } from './phrase.tsx';
import { safeRedirectUrl } from './safe-url.ts';
import type { HiddenField } from './site.ts';

export type FormPostPageProps = {
  /** The redirect URI; anything that could run code is refused and nothing is posted. */
  readonly action: string;
  readonly fields: readonly HiddenField[];
  readonly clientName: string;
};

/**
 * OAuth 2.0 Form Post Response Mode: posts itself by the one script there is (CSP: `script-src 'self'`, no `form-action`),
 * and has one button for browsers without script. The action is a registered redirect URI.
 */
export function FormPostPage({ action, fields, clientName }: FormPostPageProps) {
  const text = useMessages('formPost');
  const common = useMessages('common');
  const target = safeRedirectUrl(action);
  if (!target) {
    return (
      <CardPage title={text.refusedTitle}>
        <h1>{text.refusedTitle}</h1>
        <p class="lead">{text.refused}</p>
      </CardPage>
    );
  }
  return (
    <CardPage title={text.title} script="submit.js">
      <h1>{text.title}</h1>
      <p class="lead">{text.goesTo({ client: <Name>{clientName}</Name> })}</p>
      <p>{text.stuck}</p>
      <form method="post" action={target} class="stack">
        {fields.map(({ name, value }) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <button type="submit" class="button button-wide">
          {common.goOn}
        </button>
      </form>
    </CardPage>
  );
}

import { Form, Notice } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { useMessages } from '../look.ts';
import { Name } from '../phrase.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';

type FactorRecoveryPageProps = {
  readonly person: PersonSummary;
  /** POST with `decision`: `stop` or `remove`; the link's token goes into `fields`. */
  readonly form: FormTarget;
  /** The waiting is over, and this is the link that came then. */
  readonly canFinish: boolean;
};

/** Reached from the mails about a lost second factor, in whatever browser. */
export function FactorRecoveryPage({ person, form, canFinish }: FactorRecoveryPageProps) {
  const text = useMessages('factorRecovery');
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead({ person: <Name>{person.userName}</Name> })}</p>
      {canFinish && <p>{text.effectFinish}</p>}
      <p>{text.effectStop}</p>
      <Form target={form} class="stack">
        {canFinish && (
          <button type="submit" class="button button-wide" name="decision" value="remove">
            {text.finish}
          </button>
        )}
        <button
          type="submit"
          class={canFinish ? 'button button-wide button-quiet' : 'button button-wide'}
          name="decision"
          value="stop"
        >
          {text.stop}
        </button>
      </Form>
    </CardPage>
  );
}

export function FactorRecoveryEndedPage({ outcome }: { readonly outcome: 'stopped' | 'finished' }) {
  const text = useMessages('factorRecovery');
  const { toAccount } = useMessages('common');
  const title = outcome === 'stopped' ? text.stoppedTitle : text.finishedTitle;
  return (
    <CardPage title={title}>
      <h1>{title}</h1>
      <p class="lead">{text[outcome]}</p>
      <p class="card-buttons">
        <a class="button" href={sitePaths.account}>
          {toAccount}
        </a>
      </p>
    </CardPage>
  );
}

/** On the account page while somebody waits: whoever is signed in can object. */
export function FactorRecoveryNotice({ ripeAt, stop }: { readonly ripeAt: string; readonly stop: FormTarget }) {
  const text = useMessages('factorRecovery');
  return (
    <Notice tone="wait" title={text.title}>
      <p>{text.waiting({ when: ripeAt })}</p>
      <Form target={stop}>
        <button type="submit" class="button button-quiet" name="stop" value="yes">
          {text.stop}
        </button>
      </Form>
    </Notice>
  );
}

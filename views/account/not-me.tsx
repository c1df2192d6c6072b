import { Form } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { useMessages } from '../look.ts';
import { Name } from '../phrase.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';

type NotMePageProps = {
  readonly person: PersonSummary;
  /** POST; the link's token goes into `fields`. */
  readonly form: FormTarget;
};

/** Reached from a mail that told of a sign-in or a change, in whatever browser. */
export function NotMePage({ person, form }: NotMePageProps) {
  const text = useMessages('notMe');
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead({ person: <Name>{person.userName}</Name> })}</p>
      <p>{text.effect}</p>
      <Form target={form} class="stack">
        <button type="submit" class="button button-wide">
          {text.confirm}
        </button>
      </Form>
      <p class="fine-print">{text.stranger}</p>
    </CardPage>
  );
}

export function AccountTakenBackPage() {
  const text = useMessages('notMe');
  const { toStart } = useMessages('common');
  return (
    <CardPage title={text.doneTitle}>
      <h1>{text.doneTitle}</h1>
      <p class="lead">{text.done}</p>
      <p>{text.next}</p>
      <p class="card-buttons">
        <a class="button button-quiet" href={sitePaths.home}>
          {toStart}
        </a>
      </p>
    </CardPage>
  );
}

import { Form } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { useMessages } from '../look.ts';
import { Name } from '../phrase.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';

type LinkPageProps = {
  readonly person: PersonSummary;
  /** POST; the link's token goes into `fields`. */
  readonly form: FormTarget;
  readonly newAddress: string;
};

/** Reached by a one-time link from either mailbox. Names the account, so that nobody confirms a change of somebody else's. */
export function ConfirmEmailChangePage({
  person,
  form,
  newAddress,
  formerAddress,
}: LinkPageProps & { readonly formerAddress: string | undefined }) {
  const text = useMessages('confirmEmailChange');
  const names = { person: <Name>{person.userName}</Name>, address: <Name>{newAddress}</Name> };
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">
        {formerAddress === undefined
          ? text.leadFirst(names)
          : text.lead({ ...names, former: <Name>{formerAddress}</Name> })}
      </p>
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

export function EmailChangeConfirmedPage({
  isDone,
  newAddress,
}: {
  readonly isDone: boolean;
  readonly newAddress: string;
}) {
  const text = useMessages('confirmEmailChange');
  const { toAccount } = useMessages('common');
  const title = isDone ? text.doneTitle : text.waitingTitle;
  return (
    <CardPage title={title}>
      <h1>{title}</h1>
      <p class="lead">{isDone ? text.done({ address: <Name>{newAddress}</Name> }) : text.waiting}</p>
      <p class="card-buttons">
        <a class="button button-quiet" href={sitePaths.account}>
          {toAccount}
        </a>
      </p>
    </CardPage>
  );
}

/** Reached by the link in the mail that told the old mailbox. */
export function UndoEmailChangePage({
  person,
  form,
  newAddress,
  formerAddress,
}: LinkPageProps & { readonly formerAddress: string }) {
  const text = useMessages('undoEmailChange');
  const names = {
    person: <Name>{person.userName}</Name>,
    former: <Name>{formerAddress}</Name>,
    address: <Name>{newAddress}</Name>,
  };
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead(names)}</p>
      <p>{text.effect}</p>
      <Form target={form} class="stack">
        <button type="submit" class="button button-wide">
          {text.undo}
        </button>
      </Form>
      <p class="fine-print">{text.stranger}</p>
    </CardPage>
  );
}

export function EmailChangeUndonePage({ formerAddress }: { readonly formerAddress: string }) {
  const text = useMessages('undoEmailChange');
  const { toStart } = useMessages('common');
  return (
    <CardPage title={text.doneTitle}>
      <h1>{text.doneTitle}</h1>
      <p class="lead">{text.done({ former: <Name>{formerAddress}</Name> })}</p>
      <p class="card-buttons">
        <a class="button button-quiet" href={sitePaths.home}>
          {toStart}
        </a>
      </p>
    </CardPage>
  );
}

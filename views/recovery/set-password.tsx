import { Form } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { useMessages } from '../look.ts';
import { PasswordFields, type PasswordProblem, PasswordProblemNotice } from '../password-fields.tsx';
import { Name } from '../phrase.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';

export type SetPasswordPageProps = {
  /** POST with `new-password` and `new-password-again`; the link's token goes into the address or `fields`. */
  readonly form: FormTarget;
  readonly person: PersonSummary;
  /** The shortest password that the rules take; shown as a hint. */
  readonly minimumLength: number;
  readonly problem?: PasswordProblem | undefined;
};

/** Reached by a one-time link. Showing it uses nothing up; only the POST does (DESIGN §8 "Mail"). */
export function SetPasswordPage({ form, person, minimumLength, problem }: SetPasswordPageProps) {
  const text = useMessages('setPassword');
  const common = useMessages('common');
  return (
    <CardPage title={problem ? common.errorTitle({ title: text.title }) : text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead({ person: <Name>{person.userName}</Name> })}</p>
      <PasswordProblemNotice problem={problem} minimumLength={minimumLength} />
      <Form target={form} class="stack">
        <PasswordFields
          userName={person.userName}
          asksCurrent={false}
          problem={problem}
          minimumLength={minimumLength}
          takesFocus
        />
        <button type="submit" class="button button-wide">
          {text.save}
        </button>
      </Form>
      <p class="fine-print">{text.effect}</p>
    </CardPage>
  );
}

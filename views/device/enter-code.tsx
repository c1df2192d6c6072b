import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { OneFieldPage } from '../one-field-page.tsx';
import type { FormTarget } from '../site.ts';
import { useWaitTime } from '../wait-time.ts';

export type EnterCodePageProps = {
  /** POST with `user_code`. The provider's `xsrf` goes into `fields`. */
  readonly form: FormTarget;
  /** As typed, or from `verification_uri_complete`. */
  readonly userCode?: string | undefined;
  readonly problem?: keyof Messages<'enterCode'>['problem'] | 'throttled' | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly requestId?: string | undefined;
};

/** RFC 8628 §3.3: the person enters the user code. */
export function EnterCodePage({ form, userCode, problem, retryAfterSeconds = 1, requestId }: EnterCodePageProps) {
  const text = useMessages('enterCode');
  const common = useMessages('common');
  const waitTime = useWaitTime();
  return (
    <OneFieldPage
      title={text.title}
      lead={text.lead}
      submit={common.goOn}
      form={form}
      field={{
        name: 'user_code',
        label: text.code,
        hint: text.hint,
        autoComplete: 'off',
        class: 'code-input',
        maxLength: 64,
        value: userCode,
      }}
      problem={
        problem && {
          message:
            problem === 'throttled' ? text.throttled({ wait: waitTime(retryAfterSeconds) }) : text.problem[problem],
          isWait: problem === 'throttled',
          isOfField: problem !== 'throttled',
        }
      }
      requestId={requestId}
    >
      <p class="fine-print">{text.warning}</p>
    </OneFieldPage>
  );
}

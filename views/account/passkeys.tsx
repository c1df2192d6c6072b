import { Form, Notice } from '../form.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { PasskeyForm, type PasskeyPrompt } from '../passkey.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';
import { AccountLayout } from './layout.tsx';

export type PasskeysProblem = keyof Messages<'passkeys'>['problem'];

export type ShownPasskey = {
  readonly id: string;
  readonly name: string;
  readonly isBackedUp: boolean;
  /** In words. */
  readonly createdAt: string;
  readonly lastUsedAt: string | undefined;
};

export type PasskeysPageProps = {
  readonly person: PersonSummary;
  readonly passkeys: readonly ShownPasskey[];
  /** POST with `id` and `name`. */
  readonly rename: FormTarget;
  /** POST with `id`. */
  readonly remove: FormTarget;
  readonly prompt: PasskeyPrompt;
  readonly problem?: PasskeysProblem | undefined;
  readonly notice?: keyof Messages<'passkeys'>['notice'] | undefined;
};

const withId = (target: FormTarget, id: string): FormTarget => ({
  ...target,
  fields: [...(target.fields ?? []), { name: 'id', value: id }],
});

type ItemProps = Pick<PasskeysPageProps, 'rename' | 'remove'> & { readonly passkey: ShownPasskey };

function Item({ passkey: { id, name, isBackedUp, createdAt, lastUsedAt }, rename, remove }: ItemProps) {
  const text = useMessages('passkeys');
  return (
    <li class="passkey-item">
      <p>
        <bdi class="name">{name}</bdi> <span class="tag">{isBackedUp ? text.synced : text.local}</span>
      </p>
      <p class="hint">
        {lastUsedAt === undefined
          ? text.created({ date: createdAt })
          : text.used({ date: createdAt, used: lastUsedAt })}
      </p>
      <div class="passkey-actions">
        <Form target={withId(rename, id)} class="passkey-rename">
          <label class="visually-hidden" for={`name-${id}`}>
            {text.name({ passkey: name })}
          </label>
          <input id={`name-${id}`} name="name" value={name} maxlength={60} required autocomplete="off" />
          <button type="submit" class="button button-quiet">
            {text.rename}
          </button>
        </Form>
        <Form target={withId(remove, id)}>
          <button type="submit" class="button button-quiet" aria-label={text.removeLabel({ passkey: name })}>
            {text.remove}
          </button>
        </Form>
      </div>
    </li>
  );
}

/** `/account/passkeys`: with what the person signs in without a password. */
export function PasskeysPage({ person, passkeys, prompt, problem, notice, ...forms }: PasskeysPageProps) {
  const text = useMessages('passkeys');
  const common = useMessages('common');
  return (
    <AccountLayout
      title={problem ? common.errorTitle({ title: text.title }) : text.title}
      section="passkeys"
      person={person}
      script="passkey.js"
    >
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      {problem && (
        <Notice tone="error" id="problem">
          <p>{text.problem[problem]}</p>
        </Notice>
      )}
      {notice && (
        <Notice tone="good">
          <p>{text.notice[notice]}</p>
        </Notice>
      )}
      <section class="panel" aria-labelledby="passkeys-title">
        <h2 id="passkeys-title">{text.yours}</h2>
        {passkeys.length === 0 && <p>{text.none}</p>}
        {passkeys.length > 0 && (
          <ul class="passkeys">
            {passkeys.map((passkey) => (
              <Item key={passkey.id} passkey={passkey} {...forms} />
            ))}
          </ul>
        )}
        <PasskeyForm mode="create" isMain {...prompt} />
        <p class="hint" data-without-passkeys>
          {text.needsScript}
        </p>
      </section>
    </AccountLayout>
  );
}

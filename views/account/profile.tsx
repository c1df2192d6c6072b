import { Form, Notice } from '../form.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import type { FormTarget, PersonSummary } from '../site.ts';
import { AccountLayout } from './layout.tsx';
import { LinkedIdentities, type LinkedIdentitiesProps } from './linked-identities.tsx';

type Text = Messages<'profile'>;

export type CoreField = keyof Text['fields'];

export type ProfileField = {
  readonly id: string;
  readonly value: string;
  readonly control: 'text' | 'choice' | 'yes_no' | 'lines';
  readonly choices?: readonly string[] | undefined;
  readonly problem?: keyof Text['fieldProblem'] | undefined;
  /** What is saved, where the value is something else. */
  readonly kept?: string | undefined;
} & ({ readonly kind: 'core'; readonly name: CoreField } | { readonly kind: 'custom'; readonly label: string });

type Fact = { readonly value: string } & ({ readonly name: keyof Text['factNames'] } | { readonly label: string });

export type ProfilePageProps = {
  readonly person: PersonSummary;
  readonly fields: readonly ProfileField[];
  /** POST with a field for each. */
  readonly form: FormTarget;
  readonly facts: readonly Fact[];
  readonly linked: LinkedIdentitiesProps;
  readonly problem?: keyof Text['problem'] | undefined;
  readonly isSaved: boolean;
};

/** HTML §4.10.18.7.1; WCAG 1.3.5. */
const autoComplete = {
  displayName: 'name',
  givenName: 'given-name',
  familyName: 'family-name',
  nickName: 'nickname',
  preferredLanguage: 'language',
  locale: 'off',
  timezone: 'off',
  birthdate: 'bday',
  gender: 'sex',
  website: 'url',
  profileUrl: 'off',
} as const satisfies Record<CoreField, string>;

function hintOf(text: Text, field: ProfileField): string | undefined {
  const hints: Partial<Record<CoreField, string>> = text.hints;
  if (field.kind === 'core') return hints[field.name];
  return field.control === 'lines' ? text.lines : undefined;
}

type ControlProps = { readonly field: ProfileField; readonly describedBy: string | undefined };

function Control({ field, describedBy }: ControlProps) {
  const text = useMessages('profile');
  const { id, value, control, choices = [], problem } = field;
  const common = {
    id,
    name: id,
    autocomplete: field.kind === 'core' ? autoComplete[field.name] : ('off' as const),
    'aria-describedby': describedBy,
    ...(problem ? { 'aria-invalid': 'true' as const } : {}),
  };
  if (control === 'lines')
    return (
      <textarea {...common} rows={4}>
        {value}
      </textarea>
    );
  if (control === 'text') return <input {...common} type="text" value={value} />;
  const options =
    control === 'yes_no'
      ? [
          { value: 'true', label: text.yes },
          { value: 'false', label: text.no },
        ]
      : choices.map((choice) => ({ value: choice, label: choice }));
  return (
    <select {...common}>
      <option value="">{text.choose}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value} selected={option.value === value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

export function OneField({ field }: { readonly field: ProfileField }) {
  const text = useMessages('profile');
  const { id, problem, kept } = field;
  const hint = hintOf(text, field);
  const described = [problem && `${id}-error`, hint && `${id}-hint`, kept !== undefined && `${id}-kept`].filter(
    Boolean,
  );
  return (
    <div class={problem ? 'field field-invalid' : 'field'}>
      <label for={id}>{field.kind === 'core' ? text.fields[field.name] : field.label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p class="field-error" id={`${id}-error`}>
          {text.fieldProblem[problem]}
        </p>
      )}
      <Control field={field} describedBy={described.join(' ') || undefined} />
      {kept !== undefined && (
        <p class="hint" id={`${id}-kept`}>
          {text.kept({ value: kept === '' ? text.nothing : kept })}
        </p>
      )}
    </div>
  );
}

function Facts({ facts }: Pick<ProfilePageProps, 'facts'>) {
  const text = useMessages('profile');
  return (
    <section class="panel" aria-labelledby="facts-title">
      <h2 id="facts-title">{text.facts}</h2>
      <dl class="facts">
        {facts.map((fact) => {
          const label = 'name' in fact ? text.factNames[fact.name] : fact.label;
          return (
            <div key={label} class="fact">
              <dt>{label}</dt>
              <dd>
                <bdi>{fact.value}</bdi>
              </dd>
            </div>
          );
        })}
      </dl>
      <p class="hint">{text.factsHint}</p>
    </section>
  );
}

/** `/account/profile`: what is known of me, and what of it is mine to change. */
export function ProfilePage({ person, fields, form, facts, linked, problem, isSaved }: ProfilePageProps) {
  const text = useMessages('profile');
  const { errorTitle } = useMessages('common');
  return (
    <AccountLayout title={problem ? errorTitle({ title: text.title }) : text.title} section="profile" person={person}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      {problem && (
        <Notice tone="error" id="problem">
          <p>{text.problem[problem]}</p>
        </Notice>
      )}
      {isSaved && (
        <Notice tone="good">
          <p>{text.saved}</p>
        </Notice>
      )}
      {fields.length > 0 && (
        <section class="panel" aria-labelledby="own-title">
          <h2 id="own-title">{text.own}</h2>
          <Form target={form} class="stack">
            {fields.map((field) => (
              <OneField key={field.id} field={field} />
            ))}
            <p class="buttons">
              <button type="submit" class="button">
                {text.save}
              </button>
            </p>
          </Form>
        </section>
      )}
      {facts.length > 0 && <Facts facts={facts} />}
      <LinkedIdentities {...linked} />
    </AccountLayout>
  );
}

import { Field, Form, Notice } from '../form.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { Name } from '../phrase.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import { AccountLayout } from './layout.tsx';

export type ShownOwnGroup = { readonly displayName: string; readonly members: number; readonly url: string };

export type OwnGroupsPageProps = { readonly person: PersonSummary; readonly groups: readonly ShownOwnGroup[] };

/** `/account/groups`: the groups that somebody looks after. */
export function OwnGroupsPage({ person, groups }: OwnGroupsPageProps) {
  const text = useMessages('ownGroups');
  return (
    <AccountLayout title={text.title} section="ownGroups" person={person}>
      <h1>{text.title}</h1>
      <p class="lead">{groups.length === 0 ? text.none : text.lead}</p>
      {groups.length > 0 && (
        <div class="panel">
          <ul class="entries">
            {groups.map(({ displayName, members, url }) => (
              <li class="entry" key={url}>
                <div class="entry-text">
                  <h2>
                    <Name>{displayName}</Name>
                  </h2>
                  <p class="hint">{text.count({ members })}</p>
                </div>
                <a class="button button-quiet" href={url} aria-label={text.openThis({ group: displayName })}>
                  {text.open}
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
    </AccountLayout>
  );
}

export type OwnGroupPageProps = {
  readonly person: PersonSummary;
  readonly displayName: string;
  readonly members: readonly { readonly id: string; readonly display: string; readonly isPerson: boolean }[];
  /** Where the list goes on. */
  readonly moreUrl?: string | undefined;
  /** POST with `name`. */
  readonly add: FormTarget;
  /** POST with `member`. */
  readonly remove: FormTarget;
  /** As typed. */
  readonly name?: string | undefined;
  readonly problem?: keyof Messages<'ownGroups'>['problem'] | undefined;
  readonly notice?: keyof Messages<'ownGroups'>['notice'] | undefined;
  /** The id of who was taken out just now, to put them back. */
  readonly removed?: string | undefined;
};

type AddProps = Pick<OwnGroupPageProps, 'add' | 'name' | 'problem'>;
const AT_FIELD: readonly OwnGroupPageProps['problem'][] = ['name_missing', 'unknown'];

function Add({ add, name, problem }: AddProps) {
  const text = useMessages('ownGroups');
  const error = problem !== undefined && AT_FIELD.includes(problem) ? text.problem[problem] : undefined;
  return (
    <section class="panel" aria-labelledby="add-title">
      <h2 id="add-title">{text.addTitle}</h2>
      <Form target={add} class="stack">
        <Field
          name="name"
          label={text.name}
          hint={text.nameHint}
          autoComplete="off"
          value={name}
          error={error}
          autoFocus={error !== undefined}
          maxLength={320}
        />
        <button type="submit" class="button">
          {text.add}
        </button>
      </Form>
    </section>
  );
}

function Notices({ problem, notice, removed, add }: OwnGroupPageProps) {
  const text = useMessages('ownGroups');
  if (problem !== undefined)
    return AT_FIELD.includes(problem) ? null : (
      <Notice tone="wait">
        <p>{text.problem[problem]}</p>
      </Notice>
    );
  if (notice === undefined) return null;
  return (
    <Notice tone="good">
      <p>{text.notice[notice]}</p>
      {removed !== undefined && (
        <Form target={{ ...add, fields: [...(add.fields ?? []), { name: 'member', value: removed }] }}>
          <button type="submit" class="link-button">
            {text.putBack}
          </button>
        </Form>
      )}
    </Notice>
  );
}

/** `/account/groups?group=…`: who is in it. */
export function OwnGroupPage(props: OwnGroupPageProps) {
  const { person, displayName, members, moreUrl, remove, problem } = props;
  const text = useMessages('ownGroups');
  const common = useMessages('common');
  return (
    <AccountLayout
      title={problem ? common.errorTitle({ title: displayName }) : displayName}
      section="ownGroups"
      person={person}
    >
      <p>
        <a href={sitePaths.ownGroups}>{text.all}</a>
      </p>
      <h1>
        <Name>{displayName}</Name>
      </h1>
      <p class="lead">{members.length === 0 ? text.empty : text.groupLead}</p>
      <Notices {...props} />
      <Add {...props} />
      {members.length > 0 && (
        <div class="panel">
          <ul class="entries">
            {members.map(({ id, display, isPerson }) => (
              <li class="entry" key={id}>
                <div class="entry-text">
                  <h2>
                    <Name>{display}</Name> {!isPerson && <span class="tag">{text.group}</span>}
                  </h2>
                </div>
                {isPerson && (
                  <Form target={{ ...remove, fields: [...(remove.fields ?? []), { name: 'member', value: id }] }}>
                    <button type="submit" class="button button-quiet" aria-label={text.removeThis({ person: display })}>
                      {text.remove}
                    </button>
                  </Form>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      {moreUrl && (
        <p>
          <a href={moreUrl}>{text.more}</a>
        </p>
      )}
    </AccountLayout>
  );
}

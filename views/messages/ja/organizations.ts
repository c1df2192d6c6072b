import type { organizations as english } from '../en/organizations.ts';
import type { Translation } from '../message-types.ts';

export const organizations: Translation<typeof english> = {
  joinOrganization: {
    title: '組織に参加する',
    lead: '{organization} から招待されています。アカウント {person} がメンバーになります。',
    leadSeveral: '{organization} から招待されています。このアドレスのアカウントが複数あります。',
    which: 'どのアカウントをメンバーにしますか？',
    effect:
      '組織の管理者はあなたのプロフィールを見ることができ、組織内のチームへの追加やロールの付与ができるようになります。',
    join: '参加する',
    stranger: 'この組織に心当たりがない場合は、このページを閉じてください。あなたの操作なしには何も起こりません。',
    doneTitle: 'メンバーになりました',
    done: '{organization} のメンバーになりました。',
    account: 'アカウントへ',
  },
  organizationInvitationMail: {
    subject: '組織への招待',
    preview: '続きはこのメールのリンクからどうぞ。',
    invited: '{organization} が {host} のメンバーになるようあなたを招待しています。',
    button: '招待を見る',
    limits: 'リンクはどのブラウザーでも 1 回だけ、1 週間使えます。',
    surprise:
      'この組織に心当たりがない場合は、何もする必要はありません。あなたの操作なしにメンバーになることはありません。',
  },
};

import type { mail as english } from '../en/mail.ts';
import type { Translation } from '../message-types.ts';

export const mail: Translation<typeof english> = {
  mail: {
    greeting: '{person} 様',
    greetingNobody: 'こんにちは。',
    address: 'または、次のアドレスをブラウザーに貼り付けてください：',
    footer: '{host} の {product} から自動的に送信されています。このメールに返信しても読まれません。',
    when: '日時',
    account: 'アカウント',
    wasItYou: 'ご本人の操作であれば、何もする必要はありません。',
    asked: 'ご本人の操作、またはご依頼によるものであれば、何もする必要はありません。',
    takeBack:
      '心当たりがない場合は、今すぐお知らせください。全員がログアウトされ、パスワードは使えなくなり、新しいパスワードを決めるリンクが届きます。そのあと管理者に知らせてください。',
    notMe: '心当たりがありません',
    newPassword: '新しいパスワードを設定',
    days: '{count, plural, other {# 日間}}',
    hours: '{count, plural, other {# 時間}}',
    minutes: '{count, plural, other {# 分間}}',
  },
  recoveryMail: {
    subject: '新しいパスワードの設定',
    preview: 'リンクをお送りします。{lifetime}、一度だけ使えます。',
    asked: 'アカウント {userName} の新しいパスワードが請求されました。ご本人の操作であることをご確認ください。',
    limits:
      'リンクは{lifetime}、どのブラウザーでも一度だけ使えます。設定すると、以前のパスワードでのログインはすべてログアウトされます。',
    surprise:
      '心当たりがない場合は、何もしないでください。パスワードはそのままです。このメールは決して転送しないでください。',
  },
  invitationMail: {
    subject: '新しいアカウントのご案内',
    heading: 'あなたのアカウントが作成されました',
    preview: 'まずパスワードを設定してください。リンクは{lifetime}使えます。',
    made: '{host} にあなたのアカウントがあります。ユーザー名は {userName} です。',
    button: 'パスワードを設定',
    limits:
      'リンクは{lifetime}、どのブラウザーでも一度だけ使えます。紛失した場合は、アカウントを作成した人に新しいリンクを依頼してください。',
    surprise: '心当たりがない場合は、アドレスの入力間違いかもしれません。何もしないか、管理者に問い合わせてください。',
  },
  signUpMail: {
    subject: 'アカウントの作成',
    preview: 'メール内のリンクから続きに進めます。',
    asked: 'このアドレスで {host} のアカウント作成が求められました。ご本人の操作であることをご確認ください。',
    button: '続ける',
    limits: 'リンクは{lifetime}、どのブラウザーでも一度だけ使えます。',
    surprise: '心当たりがない場合は、何もしないでください。アカウントが勝手に作成されることはありません。',
  },
  alreadyRegisteredMail: {
    subject: 'すでにアカウントをお持ちです',
    preview: 'メール内のリンクから続きに進めます。',
    exists: 'このアドレスで {host} のアカウント作成が求められましたが、すでにアカウント {userName} があります。',
    forgotten: 'パスワードをお忘れですか？',
    surprise: '心当たりがない場合は、何もしないでください。何も変更されていません。',
  },
  verifyEmailMail: {
    subject: 'メールアドレスの確認',
    heading: 'これはあなたのアドレスですか？',
    preview: 'メール内のリンクで確認してください。',
    asked:
      '{host} のアカウント {userName} で、{address} があなたのアドレスとして登録されています。確認すると、ログインやアカウントの回復に使えるようになります。',
    button: 'このアドレスを確認',
    limits: 'リンクは{lifetime}、どのブラウザーでも一度だけ使えます。',
    surprise: 'ご自分のアカウントでない場合は、何もしないでください。アドレスが勝手に確認済みになることはありません。',
  },
  passwordChangedMail: {
    subject: 'パスワードが変更されました',
    by: {
      self: 'アカウント {userName} のパスワードが、アカウントページで変更されました。ほかのブラウザーはログアウトされました。',
      link: 'アカウント {userName} のパスワードが、一回限りのリンクで設定されました。すべてログアウトされました。',
      administrator: '管理者がアカウント {userName} のパスワードを設定しました。すべてログアウトされました。',
    },
  },
  secondFactorChangedMail: {
    subject: 'ログイン方法が変更されました',
    change: {
      totp_added: 'アカウント {userName} に、2段階目の確認として認証アプリが設定されました。',
      totp_removed: 'アカウント {userName} の認証アプリが削除されました。パスワードだけでログインできます。',
      recovery_codes_issued:
        'アカウント {userName} の新しいリカバリーコードが作成されました。以前のコードは使えません。',
      recovery_code_used:
        'アカウント {userName} へのログインにリカバリーコードが使われました。そのコードはもう使えません。',
      removed_after_waiting:
        '待機期間が終わり、アカウント {userName} の2段階目が削除されました。パスワードだけでログインできます。',
      removed_by_administrator:
        '管理者がアカウント {userName} の2段階目の確認を削除しました。パスワードだけでログインできます。',
    },
  },
  emailChangeMail: {
    subject: 'メールアドレスの変更を確認してください',
    preview: 'あなたなしでは何も変わりません。',
    former: '{host} のアカウント {userName} のアドレスを {former} から {address} に変更するよう依頼がありました。',
    new: '{address} を {host} のアカウント {userName} のアドレスにするよう依頼がありました。',
    button: '変更を確認する',
    limits:
      'リンクは1回だけ、どのブラウザーでも{lifetime}有効です。両方のメールのリンクが開かれると、アドレスが変わります。',
    limitsFirst: 'リンクは1回だけ、どのブラウザーでも{lifetime}有効です。',
    surpriseFormer:
      '心当たりがない場合は、リンクを開かずにパスワードを変更してください。誰かがあなたとしてログインしています。',
    surpriseNew: '心当たりがない場合は、何もする必要はありません。あなたなしでは何も変わりません。',
  },
  emailChangedMail: {
    subject: 'メールアドレスが変更されました',
    heading: 'このアドレスはアカウントから外されました',
    preview: '今後、アカウントに関するメールは別のアドレスに届きます。',
    changed:
      '{address} はアカウント {userName} のアドレスではなくなりました。今後、アカウントに関するメールは別のアドレスに届きます。',
    fine: 'ご本人または管理者の意図した変更であれば、何もする必要はありません。',
    surprise:
      '心当たりがない場合は、すぐに管理者に知らせてください。このアドレスからは、ご自分でアカウントを取り戻せません。',
    takeBack: '心当たりがない場合は、今すぐアドレスを元に戻してください。{until} まで可能です。',
  },
  accountDeletedMail: {
    subject: 'アカウントが削除されました',
    preview: 'ご本人としてログインした人が削除を求めました。',
    deleted: '{host} のアカウント {userName} が、アカウントページから削除されました。',
    fine: 'ご本人の意図した操作であれば、何もする必要はありません。',
    surprise:
      '心当たりがない場合は、すぐに管理者に知らせてください。削除されたアカウントは、しばらくの間は元に戻せます。',
  },
  factorRecoveryMail: {
    startedSubject: '2段階目の削除が依頼されました',
    reminderSubject: '2段階目の削除が近づいています',
    startedPreview: '止めることができます。',
    started:
      '{host} のアカウント {userName} のパスワードを知る人から、2段階目とリカバリーコードを失ったとの申し出がありました。',
    ripeAt: '削除可能日時',
    mine: 'ご本人の申し出であれば、お待ちください。その日にリンクが届きます。',
    stop: '心当たりがない場合は、今すぐ止めてください。そのあとパスワードを変更してください。他の誰かが知っています。',
    stopLabel: '止める',
    readySubject: '2段階目を削除できるようになりました',
    ready: 'アカウント {userName} の待機期間が終わり、誰も止めませんでした。',
    button: '次へ',
    limits: 'リンクは1回だけ、どのブラウザーでも{lifetime}有効です。削除を止めることもできます。',
  },
  administratorRecoveredMail: {
    subject: '管理者のアクセスが回復されました',
    heading: 'コマンドラインから管理者のアクセスが回復されました',
    preview: 'サーバーにアクセスできる人が緊急コマンドを使用しました。',
    happened:
      '{host} のサーバーにアクセスできる人が緊急コマンドを使用しました。{recovered} は管理者となり、一回限りのリンクで新しいパスワードを設定できます。',
    fine: '合意のうえであれば、何もする必要はありません。',
    surprise:
      'そうでない場合は、第三者がサーバーまたはデータベースを操作しています。サーバーをネットワークから切り離し、監査ログで administrators.recovered を調べてください。',
  },
  newDeviceMail: {
    subject: '新しいブラウザーからのログイン',
    heading: '新しいブラウザーでログインがありました',
    happened: 'これまで使われたことのないブラウザーで、アカウント {userName} にログインがありました。',
    browser: 'ブラウザー',
    address: 'ネットワークアドレス',
    unknown: '不明',
  },
  newPlaceMail: {
    subject: '新しい場所からのログイン',
    heading: '新しい場所からログインがありました',
    happened:
      '使用したことのあるブラウザーで、最近ログインのなかった場所からアカウント {userName} にログインがありました。',
  },
};

import type { gettingIn as english } from '../en/getting-in.ts';
import type { Translation } from '../message-types.ts';

export const gettingIn: Translation<typeof english> = {
  passwordFields: {
    current: '現在のパスワード',
    next: '新しいパスワード',
    again: '新しいパスワード（確認）',
    hint: '{length} 文字以上。ご自分だけが思いつく言葉をいくつか並べると安全です。',
    title: 'パスワードは変更されていません',
    tooShort: '新しいパスワードが短すぎます。{length} 文字以上にしてください。',
    problem: {
      current_missing: '現在のパスワードを入力してください。',
      current_wrong: '現在のパスワードが正しくありません。',
      new_missing: '新しいパスワードを入力してください。',
      'credentials.password_not_text': '新しいパスワードに、保存できない文字が含まれています。',
      'credentials.password_too_long': '新しいパスワードが長すぎます。',
      'credentials.password_too_common':
        'このパスワードは、攻撃者が最初に試すものの一つです。別のものを選んでください。',
      'credentials.password_breached':
        'このパスワードは他のサービスからの流出で知られており、攻撃者に試されます。別のものを選んでください。',
      'credentials.password_is_user_name': 'ユーザー名と同じパスワードは使えません。',
      'credentials.password_is_email': 'メールアドレスと同じパスワードは使えません。',
      'credentials.password_holds_name': 'ユーザー名、メールアドレス、組織名の一部を含むパスワードは使えません。',
      same_as_current: '新しいパスワードが現在のものと同じです。',
      not_repeated: '2 つの新しいパスワードが一致しません。',
      form_expired: 'ページの有効期限が切れました。もう一度パスワードを入力してください。',
      throttled: '試行回数が多すぎます。少し待ってから、もう一度お試しください。',
    },
  },
  forgotPassword: {
    title: 'パスワードをお忘れですか？',
    lead: 'ユーザー名またはメールアドレスを入力してください。該当するアカウントがあれば、新しいパスワードを設定するためのリンクをお送りします。',
    userName: 'ユーザー名またはメールアドレス',
    submit: 'リンクを送信',
    back: 'ログインに戻る',
    problem: {
      user_name_missing: 'ユーザー名またはメールアドレスを入力してください。',
      form_expired: 'ページの有効期限が切れました。もう一度送信してください。',
    },
    throttled: 'リンクの請求が多すぎます。{wait}待ってから、もう一度お試しください。',
    sentTitle: 'メールをご確認ください',
    sent: '入力内容に該当し、メールアドレスのあるアカウントがあれば、リンクをお送りしました。リンクは一度だけ、どのブラウザーでも使えます。',
    sentNext: '数分待っても届かない場合は、迷惑メールフォルダーを確認するか、管理者にリンクを依頼してください。',
  },
  askAdministrator: {
    title: 'パスワードをお忘れですか？',
    lead: '管理者に一回限りのリンクを依頼してください。そのリンクから、ご自分で新しいパスワードを設定できます。',
    hint: 'リンクは一度だけ、どのブラウザーでも使えます。設定したパスワードが他の人に知られることはありません。',
  },
  linkExpired: {
    title: 'このリンクは使えなくなりました',
    lead: '有効期限が切れたか、すでに使われたか、新しいリンクに置き換えられました。何も変更されていません。',
    next: '新しいリンクを請求するか、管理者に依頼してください。',
    again: '新しいリンクを請求',
  },
  passwordSet: {
    title: 'パスワードを設定しました',
    lead: '今後はこのパスワードでログインしてください。お使いになったリンクは無効になりました。',
  },
  setPassword: {
    title: 'パスワードの設定',
    lead: '{person} のアカウント用です。',
    effect: '以前のパスワードでのログインは、すべてログアウトされます。',
    save: 'パスワードを保存',
  },
  signUp: {
    title: 'アカウントを作成',
    lead: 'メールアドレスを入力してください。お送りするリンクから続きに進めます。',
    domains: '利用できるアドレス：{domains}',
    email: 'メールアドレス',
    submit: 'リンクを送信',
    back: 'すでにアカウントをお持ちの方',
    addressInvalid: 'name@example.com のようなメールアドレスを入力してください。',
    domainRefused: 'アカウントを作成できるのは {domains} のアドレスのみです。',
    throttled: 'リンクの請求が多すぎます。{wait}待ってから、もう一度お試しください。',
    sentTitle: 'メールをご確認ください',
    sent: 'メールをお送りしました。メール内のリンクは一度だけ、どのブラウザーでも、1 日の間使えます。',
    sentNext:
      '数分待っても届かない場合は、迷惑メールフォルダーを確認するか、アドレスを確かめてもう一度請求してください。',
    again: 'もう一度請求する',
  },
  completeSignUp: {
    title: '新しいアカウント',
    lead: '{address} のアカウントです。ログインにはこのアドレスを使います。',
    name: 'お名前',
    terms: '{terms}に同意します',
    termsLink: '利用規約',
    submit: 'アカウントを作成',
    problem: {
      name_missing: 'お名前を入力してください。',
      terms_missing: 'アカウントの作成には、利用規約への同意が必要です。',
    },
    doneTitle: 'アカウントができました',
    done: 'メールアドレスと、先ほど設定したパスワードでログインしてください。',
    existsTitle: 'すでにアカウントがあります',
    exists:
      '{address} のアカウントはすでにあります。そのアカウントでログインするか、パスワードをお忘れの場合は新しく設定してください。',
    forgot: '新しいパスワードを設定',
  },
  enterCode: {
    title: 'デバイスの接続',
    lead: 'デバイスまたはプログラムに表示されているコードを入力してください。',
    warning:
      'ご自分のデバイスに表示されているコードだけを入力してください。誰かから送られたコードは入力しないでください。',
    code: 'コード',
    hint: '大文字と小文字、ハイフンの有無は区別されません。',
    problem: {
      code_missing: 'デバイスに表示されているコードを入力してください。',
      code_unknown: 'このコードは見つかりません。デバイスの表示と見比べてください。',
      code_expired: 'このコードは有効期限が切れています。デバイスで新しいコードを表示してください。',
      code_used: 'このコードはすでに使われています。デバイスで新しいコードを表示してください。',
      form_expired: 'ページの有効期限が切れました。もう一度コードを入力してください。',
    },
    throttled: 'コードの試行回数が多すぎます。{wait}待ってから、もう一度お試しください。',
  },
  confirmDevice: {
    title: '{client} を接続しますか？',
    lead: 'お手元のデバイスに表示されているコードはこれですか？',
    client: 'アプリ',
    askedAt: '請求時刻',
    from: '接続元アドレス',
    place: '場所',
    device: 'デバイス',
    person: 'お使いのアカウント',
    warning:
      'このコードやこのページへのリンクを誰かから送られた場合は、「キャンセル」を選んでください。その人があなたとしてログインしてしまいます。',
    approve: 'はい、接続する',
  },
  deviceDone: {
    connected: {
      title: 'デバイスを接続しました',
      body: 'まもなくデバイスで {client} が続きを行います。このページは閉じてかまいません。',
    },
    denied: {
      title: 'デバイスは接続されていません',
      body: '{client} にアクセスは許可されていません。このページは閉じてかまいません。',
    },
  },
};

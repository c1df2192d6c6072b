import type { signIn as english } from '../en/sign-in.ts';
import type { Translation } from '../message-types.ts';

export const signIn: Translation<typeof english> = {
  layout: {
    product: 'Doorward',
    skip: '本文へ移動',
    navigation: 'メインメニュー',
    home: 'ホーム',
    account: 'アカウント',
    integrate: 'アプリの接続',
    apiReference: 'API',
    footer: 'Doorward による ID とアクセスの管理',
    languages: '言語',
    links: { terms: '利用規約', privacy: 'プライバシー', help: 'ヘルプ' },
  },
  common: {
    errorTitle: 'エラー：{title}',
    reference: '管理者にお伝えいただく参照番号：',
    toStart: 'トップページへ',
    toAccount: 'マイアカウントへ',
    backTo: '{client} に戻る',
    signIn: 'ログイン',
    signedInAs: 'ログイン中のアカウント：',
    notYou: 'ご本人でない場合は、別のアカウントでログイン',
    cancel: 'キャンセル',
    cancelTo: 'キャンセルして {client} に戻る',
    goOn: '次へ',
    policyOf: '{client} のプライバシーポリシー',
    termsOf: '{client} の利用規約',
    browserOn: '{system} の {browser}',
    waitSeconds: '{count, plural, other {# 秒}}',
    waitMinutes: '{count, plural, other {# 分}}',
  },
  login: {
    title: 'ログイン',
    continueTo: '{client} に進みます',
    continueToHost: '{client}（{host}）に進みます',
    reauthenticate: 'ご本人の確認',
    reauthenticateWhy: '安全のため、{client} がもう一度ログインするよう求めています。',
    reauthenticateHere: '安全のため、もう一度ログインしてください。',
    userName: 'ユーザー名またはメールアドレス',
    password: 'パスワード',
    submit: 'ログイン',
    forgot: 'パスワードをお忘れですか？',
    signUp: 'アカウントを作成',
    problem: {
      wrong_credentials: {
        title: 'ログインできませんでした',
        body: 'ユーザー名またはパスワードが正しくありません。両方をご確認のうえ、もう一度お試しください。',
      },
      user_name_missing: {
        title: 'ユーザー名が入力されていません',
        body: 'ユーザー名またはメールアドレスを入力してください。',
      },
      wrong_passkey: {
        title: 'このパスキーは使えませんでした',
        body: 'このアカウントから削除された可能性があります。別のパスキーを試すか、パスワードでログインしてください。',
      },
      password_missing: { title: 'パスワードが入力されていません', body: 'パスワードを入力してください。' },
      form_expired: {
        title: 'ページの有効期限が切れました',
        body: '入力内容はどこにも送信されていません。もう一度ログインしてください。',
      },
      different_person: {
        title: '別の方のアカウントです',
        body: '表示されているアカウントでログインするか、「ご本人でない場合は」を選んで切り替えてください。',
      },
    },
    wait: {
      busy: {
        title: 'ただいま混み合っています',
        body: '多くの方がログインしています。{wait}待ってから、もう一度お試しください。',
      },
      throttled: {
        title: '試行回数が多すぎます',
        body: 'アカウントを守るため、{wait}待ってからもう一度お試しください。アカウントはロックされていません。',
      },
    },
    work: {
      busy: 'お待ちいただく代わりに、ブラウザーが短い計算をしています。',
      done: '完了しました。待つ必要はありません。もう一度パスワードを入力してください。',
    },
    notice: {
      password_changed: 'パスワードを変更しました。新しいパスワードでログインしてください。',
      signed_out: 'ログアウトしました。もう一度ログインするか、別のアカウントをご利用ください。',
      passkey_needed: 'ここではパスワードだけでは足りません。パスキーをご利用ください。',
    },
  },
  code: {
    totp: {
      title: 'コードを入力',
      lead: '認証アプリを開き、このアカウントに表示されている 6 桁の数字を入力してください。',
      label: 'コード',
      otherWay: '代わりにリカバリーコードを使う',
    },
    recovery_code: {
      title: 'リカバリーコードを入力',
      lead: '保管しているリカバリーコードを 1 つ入力してください。使ったコードは無効になります。',
      label: 'リカバリーコード',
      otherWay: '代わりに認証アプリを使う',
    },
    problem: {
      wrong_code: {
        title: 'このコードは使えませんでした',
        body: 'コードは一度だけ、短い間だけ有効です。最新のコードを入力してください。端末の時刻は合っていますか？',
      },
      code_missing: { title: 'コードが入力されていません', body: 'コードを入力してください。' },
      form_expired: { title: 'ページの有効期限が切れました', body: 'もう一度コードを入力してください。' },
    },
    throttled: {
      title: '試行回数が多すぎます',
      body: 'アカウントを守るため、{wait}待ってからもう一度お試しください。アカウントはロックされていません。',
    },
    trust: 'このブラウザーでは{days, plural, other {# 日間}}確認しない',
    trustHint: '他の人が使わないブラウザーに限ります。',
  },
  consent: {
    title: '{client} を許可しますか？',
    heading: '{client} にアカウントの利用を許可しますか？',
    destination: 'このあと {host} に進みます。',
    willKnow: '{client} ができるようになること',
    inResource: '{resource} でできるようになること',
    claims: 'ほかに求められている情報',
    approve: '許可する',
    deny: '許可しない',
    fine: 'パスワードが共有されることはありません。管理者はいつでもこの許可を取り消せます。',
    formExpired: 'ページの有効期限が切れました。何も許可されていません。もう一度お選びください。',
    isNew: '新規',
    unknownScope: '「{scope}」の利用',
    scopes: {
      openid: { name: 'ご本人であることの確認', detail: 'アカウントの識別子だけで、個人の情報は含みません。' },
      profile: {
        name: 'プロフィールの参照',
        detail: '氏名、写真、言語、タイムゾーンのうち、登録されているもの。',
      },
      email: { name: 'メールアドレスの参照', detail: '確認済みかどうかも含みます。' },
      address: { name: '住所の参照', detail: '' },
      phone: { name: '電話番号の参照', detail: '確認済みかどうかも含みます。' },
      offline_access: {
        name: 'ご不在の間の接続の継続',
        detail: 'ご本人または管理者が終了するまで続きます。',
      },
      roles: { name: 'ロールの参照', detail: 'ここで割り当てられているロールの名前。' },
      groups: { name: 'グループの参照', detail: '所属しているグループの名前。' },
      permissions: {
        name: 'このアプリでの権限の参照',
        detail: 'このアプリのための権限に限ります。',
      },
    },
  },
  error: {
    code: 'エラーコード：',
    next: '次にできること',
    other: {
      title: '問題が発生しました',
      happened: 'リクエストを完了できませんでした。何も変更されていません。',
      next: 'アプリに戻って、もう一度お試しください。繰り返す場合は、下の参照番号を管理者にお伝えください。',
    },
    byCode: {
      invalid_client: {
        title: 'このアプリは登録されていません',
        happened: '接続元のアプリは登録されていないか、無効になっています。',
        next: '下の参照番号を、管理者またはアプリの運営者にお伝えください。',
      },
      invalid_redirect_uri: {
        title: 'このアプリは正しく設定されていません',
        happened: '戻り先のアドレスが、このアプリに登録されているものと一致しません。',
        next: 'ここではログインしないでください。下の参照番号を管理者にお伝えください。送信されたアドレスを確認できます。',
      },
      invalid_request: {
        title: 'このリクエストは正しくありません',
        happened: 'このサーバーが受け付けられない内容が、アプリから送られました。',
        next: 'アプリに戻って、最初からやり直してください。繰り返す場合は、参照番号を管理者にお伝えください。',
      },
      access_denied: {
        title: 'アクセス権がありません',
        happened: 'お使いのアカウントでは、この操作はできません。',
        next: 'アクセスが必要な場合は、下の参照番号を添えて管理者にご相談ください。',
      },
      not_found: {
        title: 'このページはありません',
        happened: 'アドレスが間違っているか、ページが移動した可能性があります。',
        next: 'アドレスを確認するか、トップページからお進みください。',
      },
      method_not_allowed: {
        title: 'このページはそのようには使えません',
        happened: 'アドレスは存在しますが、この種類のリクエストには対応していません。',
        next: '前のページに戻り、そこにあるリンクやボタンをお使いください。',
      },
      form_expired: {
        title: 'ページの有効期限が切れました',
        happened: '何も変更されていません。',
        next: '前のページに戻り、再読み込みしてからもう一度操作してください。',
      },
      conflict: {
        title: 'その間に変更されました',
        happened: '別の人が同時に同じものを変更しました。今回の変更は行われていません。',
        next: 'ページを再読み込みして、もう一度変更してください。',
      },
      payload_too_large: {
        title: '一度に送る量が多すぎます',
        happened: 'このサーバーが受け付けられる大きさを超えています。何も変更されていません。',
        next: '前のページに戻り、量を減らして送信してください。',
      },
      temporarily_unavailable: {
        title: '現在ご利用いただけません',
        happened: 'サーバーは起動中、停止中、または修復中です。',
        next: '1 分ほど待ってから、もう一度お試しください。',
      },
      server_error: {
        title: 'サーバーで問題が発生しました',
        happened: 'サーバーがリクエストを完了できませんでした。',
        next: '1 分ほどしてからもう一度お試しください。繰り返す場合は、下の参照番号を管理者にお伝えください。',
      },
    },
  },
  wait: {
    title: '少しお待ちください',
    happened: '短い間にリクエストが集中したため、今回の操作は行われませんでした。',
    next: '{wait}待ってから前のページに戻り、もう一度お試しください。アカウントはロックされていません。',
  },
  interactionExpired: {
    title: 'このログイン手続きは終了しました',
    happened: {
      expired: '開いたまま時間が経ったため、アカウントを守るために終了しました。この手続きではログインしていません。',
      completed: '別のタブや「戻る」操作などで、すでに完了しています。ここで行うことはもうありません。',
    },
    next: 'アプリに戻って、最初からやり直してください。',
    back: '{client} でやり直す',
  },
  formPost: {
    title: 'アプリに戻ります',
    goesTo: '{client} に移動しています。',
    stuck: '何も起こらない場合は、ボタンを押してください。',
    refusedTitle: 'このアドレスは安全ではありません',
    refused: 'アプリが応答先として指定したアドレスには、このサーバーは何も送信しません。',
  },
  confirmLogout: {
    title: 'ログアウトしますか？',
    asks: '{client} がログアウトを求めています。',
    effect: '{product} と、このブラウザーで一緒に使っているアプリからログアウトします。',
    logout: 'ログアウト',
    stay: 'ログインしたままにする',
  },
  signedOut: {
    title: { signed_out: 'ログアウトしました', stayed: 'ログインしたままです' },
    body: {
      signed_out: 'セッションは終了しました。共用のコンピューターでは、ブラウザーも閉じてください。',
      stayed: '何も変更されていません。',
    },
  },
};

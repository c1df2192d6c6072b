import type { developers as english } from '../en/developers.ts';
import type { Translation } from '../message-types.ts';

export const developers: Translation<typeof english> = {
  problemPage: {
    fields:
      'エラーの応答には、規則を示すコードとリクエスト ID が必ず含まれます。入力に誤りがある場合は、その箇所も示されます。',
    next: '対処方法',
    status: 'HTTP ステータス',
    type: '種類',
    reference: 'API リファレンス',
    kinds: {
      invalid: {
        title: 'リクエストが正しくありません',
        meaning: '本文またはパラメーターに、この操作で受け付けられない内容があります。何も変更されていません。',
        next: '「errors」をご確認ください。各項目に、箇所（RFC 6901 のポインターまたはパラメーター名）と、求められる内容が示されています。',
      },
      unauthenticated: {
        title: '認証が必要です',
        meaning: 'アクセストークンがないか、期限切れ、取り消し済み、または別のリソースサーバー用です。',
        next: 'リソース urn:doorward:admin のトークンを取得し、「Authorization: Bearer …」として送信してください。',
      },
      step_up_required: {
        title: 'より強力な、または新しいログインが必要です',
        meaning: 'トークンは有効ですが、元になったログインの強度または新しさが足りません（RFC 9470）。',
        next: 'WWW-Authenticate が示す acr_values または max_age を指定して、もう一度ログインしてください。',
      },
      forbidden: {
        title: 'この操作は許可されていません',
        meaning: 'トークンは有効ですが、この操作の権限がないか、ご自身の権限を超えるものを与える操作です。',
        next: '各操作に必要な権限は API リファレンスに記載されています。その権限を含むロールを管理者に依頼してください。',
      },
      not_found: {
        title: 'リソースが見つかりません',
        meaning: 'ID に誤りがあるか、対象が削除されています。',
        next: '一覧から検索してください。',
      },
      conflict: {
        title: '既存の内容と矛盾します',
        meaning: '名前がすでに使われているか、複数の項目にまたがる規則に反します。何も変更されていません。',
        next: 'コードが規則を、ポインターが項目を示しています。',
      },
      precondition: {
        title: 'リソースがその間に変更されました',
        meaning: 'If-Match が現在のバージョンを示していないか、必要な場合に指定されていません。',
        next: 'リソースを読み込み直し、変更をやり直したうえで、その ETag を If-Match として送信してください。',
      },
      limited: {
        title: 'リクエストが多すぎます',
        meaning: '上限に達しました。何も変更されていません。',
        next: 'Retry-After が示す秒数だけ待ってから、もう一度お試しください。',
      },
      server_error: {
        title: 'サーバー側で問題が発生しました',
        meaning: 'サーバーでエラーが発生しました。応答にはリクエスト ID だけが含まれます。',
        next: 'リクエスト ID を管理者にお伝えください。ログから原因を調べられます。',
      },
    },
  },
  integrate: {
    title: 'アプリを接続する',
    lead: '手順は 3 つです。アプリケーションをここに登録し、そのライブラリに下記のアドレスを設定し、必要な情報を要求します。',
    address: 'すべてのアプリケーションに必要なもの',
    issuer: '発行者',
    discovery: 'ディスカバリー',
    register: '1. 登録する',
    registerHint: '次の内容を doorward.yaml というファイルに保存し、適用してください。2 回適用しても問題ありません。',
    copy: '2. コードに貼り付ける',
    applyTitle: 'ファイルを適用する',
    applyDry: '--dry-run を付けると、先に計画を確認できます。管理 API でもアプリケーションを登録できます。',
    label: '{kind}：{step}',
    kinds: {
      web: {
        title: 'サーバーを持つ Web アプリ',
        lead: 'シークレットと独自のセッションを保持します。PKCE 付きの認可コードを使います。',
      },
      spa: {
        title: 'シングルページアプリ',
        lead: 'ブラウザで動作するため、シークレットを持ちません。PKCE 付きの認可コードを使います。',
      },
      service: {
        title: 'サービス',
        lead: '人は介在しません。クライアントクレデンシャルで自身のトークンを取得します。',
      },
      api: {
        title: 'トークンを検証する API',
        lead: '自身に宛てたアクセストークンだけを受け付けます。',
      },
    },
    scopes: '要求できる情報',
    scope: 'スコープ',
    gives: '得られるもの',
    scopeList: {
      openid: 'ログインした人の識別子だけ',
      profile: '氏名、ユーザー名、写真、言語、タイムゾーン',
      email: 'メールアドレスと、確認済みかどうか',
      contact: '住所、電話番号',
      memberships: '名前の一覧',
      permissions: 'このアプリケーションまたは API で許可されている操作',
      offline: 'セッションの終了後も有効なリフレッシュトークン',
    },
    reference: 'API リファレンス',
  },
  apiReference: {
    title: 'API リファレンス',
    version: 'バージョン {version}',
    machine: '同じ内容の OpenAPI 3.1 ドキュメント',
    contents: '目次',
    problems:
      'エラーは、種類、タイトル、詳細、リクエスト ID を含む問題ドキュメント（RFC 9457、application/problem+json）で返されます。',
    other: 'その他',
    empty: 'このドキュメントに操作はありません。',
    permission: '権限：',
    anySignedIn: '有効なトークンがあれば不要',
    parameters: 'パラメーター',
    body: '本文',
    answers: '応答',
    name: '名前',
    where: '場所',
    type: '型',
    meaning: '意味',
    required: '必須',
  },
};

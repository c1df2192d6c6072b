//! Rust's openidconnect: discovery, PKCE, nonce, at_hash, userinfo with claims of our own, refresh.
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreGenderClaim, CoreProviderMetadata};
use openidconnect::{
    reqwest, AccessTokenHash, AdditionalClaims, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse, UserInfoClaims,
};
use std::{collections::HashMap, env, error::Error};
use tiny_http::{Header, Request, Response, Server};

#[derive(Debug, serde::Deserialize, serde::Serialize)]
struct Ours {
    groups: Vec<String>,
    roles: Vec<String>,
}
impl AdditionalClaims for Ours {}

type Answer = Result<String, Box<dyn Error>>;

fn main() -> Result<(), Box<dyn Error>> {
    let address = format!("127.0.0.1:{}", env::var("PORT")?);
    let http = reqwest::blocking::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let metadata = CoreProviderMetadata::discover(&IssuerUrl::new(env::var("ISSUER")?)?, &http)?;
    let secret = ClientSecret::new(env::var("CLIENT_SECRET")?);
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new(env::var("CLIENT_ID")?), Some(secret))
        .set_redirect_uri(RedirectUrl::new(format!("http://{address}/callback"))?);
    let mut begun: Option<(PkceCodeVerifier, CsrfToken, Nonce)> = None;

    for request in Server::http(&address).map_err(|error| error.to_string())?.incoming_requests() {
        let url = url::Url::parse(&format!("http://{address}{}", request.url()))?;
        let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
        match url.path() {
            "/login" => {
                let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
                let mut asked =
                    client.authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random);
                for scope in ["profile", "email", "groups", "roles"] {
                    asked = asked.add_scope(Scope::new(scope.to_string()));
                }
                let (to, state, nonce) = asked.set_pkce_challenge(challenge).url();
                begun = Some((verifier, state, nonce));
                redirect(request, to.as_str())?;
            }
            "/callback" => {
                let (verifier, state, nonce) = begun.take().ok_or("nothing was begun")?;
                let sign_in = || -> Answer {
                    if query.get("state") != Some(state.secret()) {
                        return Err("wrong state".into());
                    }
                    let code = AuthorizationCode::new(query.get("code").ok_or("no code")?.clone());
                    let tokens = client.exchange_code(code)?.set_pkce_verifier(verifier).request(&http)?;
                    let id_token = tokens.id_token().ok_or("no ID token")?;
                    let checker = client.id_token_verifier();
                    let claims = id_token.claims(&checker, &nonce)?;
                    if let Some(expected) = claims.access_token_hash() {
                        let (alg, key) = (id_token.signing_alg()?, id_token.signing_key(&checker)?);
                        if AccessTokenHash::from_token(tokens.access_token(), alg, key)? != *expected {
                            return Err("wrong at_hash".into());
                        }
                    }
                    let refresh_token = tokens.refresh_token().ok_or("no refresh token")?;
                    let refreshed = client.exchange_refresh_token(refresh_token)?.request(&http)?;
                    let person: UserInfoClaims<Ours, CoreGenderClaim> = client
                        .user_info(refreshed.access_token().clone(), Some(claims.subject().clone()))?
                        .request(&http)?;
                    Ok(serde_json::to_string(&person)?)
                };
                let (status, text) = sign_in().map_or_else(|error| (502, format!("refused: {error:?}")), |text| (200, text));
                request.respond(Response::from_string(text).with_status_code(status))?;
            }
            _ => request.respond(Response::from_string("ready"))?,
        }
    }
    Ok(())
}

fn redirect(request: Request, to: &str) -> Result<(), Box<dyn Error>> {
    let location = Header::from_bytes("Location", to).map_err(|()| "no header")?;
    Ok(request.respond(Response::empty(302).with_header(location))?)
}

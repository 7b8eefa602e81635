// An OpenID provider on loopback (oidc-provider), and the browser of somebody who signs in there: no page is shown, they always agree, or never.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Provider } from "oidc-provider";

const HOST = "127.0.0.1";
export const CLIENT = { client_id: "outreach", client_secret: "the installation's own secret" };

/** A mail server that asks whose a token is. */
export const MAIL_SERVER = { client_id: "mail-server", client_secret: "mail-server-secret" };

export interface OpenIdProvider {
  readonly issuer: string;
  /** For `oauth.custom`. */
  readonly settings: { readonly issuer: string; readonly client_id: string; readonly client_secret: string };
  /** Who signs in next; null: they do not agree. */
  signsIn: string | null;
  /** Answers 503 to everything. */
  down: boolean;
  /** Runs before a token request is answered. */
  beforeToken: (() => Promise<unknown>) | null;
  /** Of each kind of grant, how many token requests there were. */
  readonly tokenRequests: Readonly<Record<string, number>>;
  /** Every answer of the token endpoint. */
  readonly issued: readonly { readonly access_token: string; readonly refresh_token: string }[];
  /** The client has no secret any more that fits. */
  changeClientSecret(secret: string): Promise<void>;
  /** Takes back everything that this account granted. */
  revoke(account: string): Promise<void>;
  /** The last access token of an account; null when there is none that is good. */
  latestToken: (account: string) => string | null;
  /** The last access token of an account is good for nothing any more; its refresh token is. */
  withdrawAccessToken(account: string): Promise<void>;
  /** Opens the link in a browser, signs in, and returns where the browser is sent back to. */
  visit(link: string): Promise<URL>;
  stop(): Promise<void>;
}

export interface OpenIdOptions {
  /** Any, unless told. */
  readonly port?: number;
  /** Beside loopback addresses. */
  readonly redirectUris?: readonly string[];
  /** The address stands in the ID token, not only behind the userinfo endpoint. */
  readonly namesInIdToken?: boolean;
  readonly accessTokenSeconds?: number;
}

export async function startOpenIdProvider(options: OpenIdOptions = {}): Promise<OpenIdProvider> {
  const sockets = new Set<Socket>();
  const server = createServer().on("connection", (socket) => sockets.add(socket.once("close", () => sockets.delete(socket))));
  server.listen(options.port ?? 0, HOST);
  await once(server, "listening");
  const issuer = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  const state = {
    signsIn: null as string | null,
    down: false,
    beforeToken: null as (() => Promise<unknown>) | null,
    tokenRequests: {} as Record<string, number>,
    issued: [] as { access_token: string; refresh_token: string }[],
  };
  const client = {
    ...CLIENT,
    application_type: "native" as const,
    redirect_uris: [`http://${HOST}/oauth/callback`, ...(options.redirectUris ?? [])],
    grant_types: ["authorization_code", "refresh_token"],
    token_endpoint_auth_method: "client_secret_post" as const,
  };
  const grants = new Map<string, Set<string>>();
  const latest = new Map<string, string>();
  const provider = quietly(() => new Provider(issuer, configuration(options, client)));
  provider.on("server_error", (_context, error) => {
    throw error;
  });
  provider.use(async (context, next) => {
    if (state.down) {
      context.status = 503;
      return;
    }
    if (context.path.startsWith("/interaction/")) return answerInteraction();
    if (context.path === "/token") await state.beforeToken?.();
    await next();
    if (context.path !== "/token") return;
    const grantType = String(context["oidc"]?.params?.["grant_type"]);
    state.tokenRequests[grantType] = (state.tokenRequests[grantType] ?? 0) + 1;
    if (context.status !== 200) return;
    const answer = context.body as (typeof state.issued)[number];
    state.issued.push(answer);
    latest.set((await provider.AccessToken.find(answer.access_token))?.accountId ?? "", answer.access_token);

    async function answerInteraction(): Promise<void> {
      const { prompt, params } = await provider.interactionDetails(context.req, context.res);
      if (state.signsIn === null) {
        const refusal = { error: "access_denied", error_description: "The person did not agree" };
        return provider.interactionFinished(context.req, context.res, refusal);
      }
      if (prompt.name === "login") return provider.interactionFinished(context.req, context.res, { login: { accountId: state.signsIn } });
      const grant = new provider.Grant({ accountId: state.signsIn, clientId: CLIENT.client_id });
      grant.addOIDCScope(String(params["scope"]));
      const grantId = await grant.save();
      grants.set(state.signsIn, (grants.get(state.signsIn) ?? new Set()).add(grantId));
      return provider.interactionFinished(context.req, context.res, { consent: { grantId } });
    }
  });
  const answer = provider.callback();
  server.on("request", (request, response) => void answer(request, response));
  return Object.assign(state, {
    issuer,
    settings: { issuer, ...CLIENT },
    changeClientSecret: async (secret: string) => {
      const known = await provider.Client.find(CLIENT.client_id);
      if (known) Object.assign(known, { clientSecret: secret });
    },
    revoke: async (account: string) => {
      latest.delete(account);
      for (const grantId of grants.get(account) ?? []) await provider.RefreshToken.revokeByGrantId(grantId);
    },
    latestToken: (account: string) => latest.get(account) ?? null,
    withdrawAccessToken: async (account: string) => {
      await (await provider.AccessToken.find(latest.get(account) ?? ""))?.destroy();
      latest.delete(account);
    },
    visit: browse,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  });
}

type Configuration = NonNullable<ConstructorParameters<typeof Provider>[1]>;

function configuration({ namesInIdToken = false, accessTokenSeconds = 3_600 }: OpenIdOptions, client: object): Configuration {
  return {
    clients: [
      client as NonNullable<Configuration["clients"]>[number],
      { ...MAIL_SERVER, redirect_uris: [], response_types: [], grant_types: [], token_endpoint_auth_method: "client_secret_basic" },
    ],
    claims: { openid: ["sub"], email: ["email"] },
    conformIdTokenClaims: !namesInIdToken,
    scopes: ["openid", "offline_access", "email"],
    findAccount: (_context, accountId) => ({ accountId, claims: () => Promise.resolve({ sub: accountId, email: accountId }) }),
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: true,
    ttl: { AccessToken: accessTokenSeconds, Grant: 86_400, IdToken: 3_600, Interaction: 600, RefreshToken: 86_400, Session: 600 },
    pkce: { required: () => true },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true },
    },
    cookies: { keys: ["only for tests"] },
  };
}

/** It warns about keys and storage that are for tests only. */
function quietly<Result>(work: () => Result): Result {
  const { info, warn } = console;
  Object.assign(console, { info: () => undefined, warn: () => undefined });
  try {
    return work();
  } finally {
    Object.assign(console, { info, warn });
  }
}

/** A browser with its cookies, until it is sent away from where it began. */
async function browse(link: string): Promise<URL> {
  const cookies = new Map<string, string>();
  const { origin } = new URL(link);
  for (let at = new URL(link); ; ) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(at, { redirect: "manual", headers: cookie ? { cookie } : {} });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ""] = set.split(";", 1);
      const [name = "", value = ""] = pair.split(/=(.*)/s);
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    if (!location) throw new Error(`The provider stays at ${at.href}: ${response.status} ${await response.text()}`);
    at = new URL(location, at);
    if (at.origin !== origin) return at;
  }
}

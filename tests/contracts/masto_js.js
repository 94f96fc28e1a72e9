// A web client of the test's own on `masto`, the library under Elk and Phanpy: what each flow found is handed back.
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from "masto";

const HERE = `${location.origin}/`;
const SCOPES = "read write follow push";
const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const ids = (found) => found.map((one) => one.id);
const pixel = (colour) =>
  new Promise((done) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
    const brush = canvas.getContext("2d");
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 64, 48);
    canvas.toBlob(done, "image/png");
  });

let masto, live, heeding;

async function enter(url) {
  const app = await createRestAPIClient({ url }).v1.apps.create({ clientName: "A web client", redirectUris: HERE, scopes: SCOPES });
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(48)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  sessionStorage.setItem("entering", JSON.stringify({ url, verifier, id: app.clientId, secret: app.clientSecret }));
  const asked = { client_id: app.clientId, redirect_uri: HERE, response_type: "code", scope: SCOPES, state: "mine",
    code_challenge: base64url(digest), code_challenge_method: "S256" };
  location.assign(`${url}/oauth/authorize?${new URLSearchParams(asked)}`);
}

async function back(params) {
  const { url, verifier, id, secret } = JSON.parse(sessionStorage.getItem("entering"));
  if (params.get("state") !== "mine") throw new Error("somebody else's answer");
  const token = await createOAuthAPIClient({ url }).token.create({ grantType: "authorization_code", clientId: id, clientSecret: secret,
    redirectUri: HERE, code: params.get("code"), codeVerifier: verifier, scope: SCOPES });
  masto = createRestAPIClient({ url, accessToken: token.accessToken });
  const { configuration } = await masto.v2.instance.fetch();
  live = createStreamingAPIClient({ streamingApiUrl: configuration.urls.streaming, accessToken: token.accessToken });
  document.querySelector("#state").textContent = "in";
}

globalThis.flows = {
  async who() {
    const me = await masto.v1.accounts.verifyCredentials();
    return [me.username, me.acct, me.source.privacy];
  },
  async home() {
    const pages = [];
    for await (const page of masto.v1.timelines.home.list({ limit: 3 })) pages.push(ids(page));
    return pages;
  },
  async follow(acct) {
    const account = await masto.v1.accounts.lookup({ acct });
    return (await masto.v1.accounts.$select(account.id).follow()).following;
  },
  async post(status) {
    const media = await masto.v2.media.create({ file: await pixel("#d6336c"), description: "A pink field" });
    const made = await masto.v1.statuses.create({ status, mediaIds: [media.id], visibility: "public", language: "en" });
    const shown = await fetch(made.mediaAttachments[0].previewUrl, { mode: "cors" });
    return [made.id, made.mediaAttachments[0].description, shown.ok];
  },
  async like(id) {
    const one = masto.v1.statuses.$select(id);
    const [liked, boosted, kept] = [await one.favourite(), await one.reblog(), await one.bookmark()];
    const found = [ids(await masto.v1.favourites.list()), ids(await masto.v1.bookmarks.list())];
    await one.unbookmark();
    return [liked.favourited, boosted.reblog.id, kept.bookmarked, ...found];
  },
  async vote(id) {
    const { poll } = await masto.v1.statuses.$select(id).fetch();
    const voted = await masto.v1.polls.$select(poll.id).votes.create({ choices: [1] });
    return [voted.voted, voted.ownVotes, voted.options[1].votesCount];
  },
  async edit(id, status) {
    const one = masto.v1.statuses.$select(id);
    const source = await one.source.fetch();
    const edited = await one.update({ status });
    return [source.text, edited.content, (await one.history.list()).length, Boolean(edited.editedAt)];
  },
  async search(q) {
    const found = await masto.v2.search.list({ q });
    return [found.accounts.map((one) => one.acct), found.statuses.length, found.hashtags.map((one) => one.name)];
  },
  async notified() {
    const told = await masto.v2.notifications.list({ expandAccounts: "partial_avatars" });
    return [told.notificationGroups.map((group) => [group.type, group.notificationsCount]), told.accounts.map((one) => one.acct),
      (await masto.v2.notifications.unreadCount.fetch()).count];
  },
  async refused() {
    try {
      await masto.v1.statuses.$select("1").fetch();
    } catch (error) {
      return [error.constructor.name, error.statusCode, error.message];
    }
  },
  listen() {
    globalThis.heard = [];
    heeding = [[live.user.subscribe(), (event) => [event.event, event.payload.id ?? event.payload]],
      [live.hashtag.subscribe({ tag: "live" }), (event) => ["tag", event.payload.id]]].map(([subscription, told]) => {
      (async () => {
        for await (const event of subscription) globalThis.heard.push(told(event));
      })();
      return subscription;
    });
  },
  stop() {
    for (const subscription of heeding) subscription.unsubscribe();  // first: over a closed socket it complains
    live.close();
  },
};

document.querySelector("#enter").addEventListener("submit", (event) => {
  event.preventDefault();
  enter(document.querySelector("#instance").value);
});
const params = new URLSearchParams(location.search);
if (params.has("code")) await back(params);
globalThis.ready = true;

// A Node client on `megalodon`, the library under Whalebird: signs in out of band and works through its main flows.
const { createInterface } = require("node:readline/promises");
const { Readable } = require("node:stream");
const assert = require("node:assert/strict");
const megalodon = require("megalodon");

const [url, picture] = process.argv.slice(2);
const SCOPES = ["read", "write", "follow"];
const ids = (found) => found.map((one) => one.id);

async function main() {
  const asking = createInterface({ input: process.stdin });
  const lines = asking[Symbol.asyncIterator]();
  assert.equal(await megalodon.detector(url), "mastodon");
  const outside = megalodon.default("mastodon", url);
  const app = await outside.registerApp("A client in Node", { scopes: SCOPES });
  console.log(app.url);
  const code = (await lines.next()).value.trim();
  const token = await outside.fetchAccessToken(app.client_id, app.client_secret, code);
  const client = megalodon.default("mastodon", url, token.access_token);
  const { data: me } = await client.verifyAccountCredentials();
  assert.equal(me.username, "ada");
  assert.match((await client.getInstance()).data.uri, /^localhost/);

  const { data: found } = await client.searchAccount("ben");
  assert.equal((await client.followAccount(found[0].id)).data.following, true);
  const stream = await client.userStreaming();
  const heard = new Promise((hear) => stream.on("update", hear));
  await new Promise((open) => stream.on("connect", open));
  console.log("listening");
  const came = await heard;
  stream.stop();

  const { data: home } = await client.getHomeTimeline({ limit: 2 });
  const { data: older } = await client.getHomeTimeline({ limit: 2, max_id: home[1].id });
  assert.deepEqual([...ids(home), ...ids(older)].length, 4);
  assert.equal(home[0].id, came.id);
  const { data: media } = await client.uploadMedia(require("node:fs").createReadStream(picture), { description: "A pink field" });
  const { data: said } = await client.postStatus("From a terminal #field", { media_ids: [media.id], visibility: "public" });
  assert.equal(said.media_attachments[0].description, "A pink field");
  assert.equal((await client.editStatus(said.id, { status: "From a terminal, again #field", media_ids: [media.id] })).data.id, said.id);
  assert.match((await client.getStatusSource(said.id)).data.text, /again/);
  assert.equal((await client.favouriteStatus(came.id)).data.favourited, true);
  assert.equal((await client.reblogStatus(came.id)).data.reblog.id, came.id);
  assert.equal((await client.bookmarkStatus(came.id)).data.bookmarked, true);
  assert.deepEqual(ids((await client.getFavourites()).data), [came.id]);
  const { data: answer } = await client.postStatus("Indeed", { in_reply_to_id: came.id });
  assert.deepEqual(ids((await client.getStatusContext(came.id)).data.descendants), [answer.id]);
  const { data: asked } = await client.postStatus("Which?", { poll: { options: ["this", "that"], expires_in: 3600 } });
  assert.equal(asked.poll.options.length, 2);
  const { data: list } = await client.createList("Close ones");
  await client.addAccountsToList(list.id, [found[0].id]);
  assert.equal(ids((await client.getListTimeline(list.id)).data)[0], came.id);
  assert.equal((await client.search("field", { type: "hashtags" })).data.hashtags[0].name, "field");
  assert.deepEqual((await client.getNotifications()).data.map((one) => one.type), ["mention"]);
  assert.equal((await client.deleteStatus(asked.id)).status, 200);
  console.log("done");
  process.exit(0);
}

main().catch((error) => {
  console.error(error.response?.data ?? error);
  process.exit(1);
});

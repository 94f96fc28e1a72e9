// Brings the page to life. Each module owns one behaviour and does nothing on a page without its part; without any of
// them everything still works by forms and links.
import { startActions } from "./actions.js";
import { startComposer } from "./composer.js";
import { startFeed } from "./feed.js";
import { startImagine } from "./imagine.js";
import { startKeys } from "./keys.js";
import { startLightbox } from "./lightbox.js";
import { startLive } from "./live.js";
import { startTimes } from "./times.js";

startTimes();
startActions();
startComposer(document);
startImagine();
startFeed();
startLightbox();
startKeys();
startLive();

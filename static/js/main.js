/** Makes the room's page a client: each module is one behaviour, and the page works without any of them. */
import * as actions from './actions.js';
import * as compose from './compose.js';
import { leaveFor } from './connection.js';
import * as drawer from './drawer.js';
import * as list from './list.js';
import * as live from './live.js';
import { nameMoments } from './moments.js';
import * as outbox from './outbox.js';
import * as pages from './pages.js';
import * as comeback from './return.js';
import * as scroll from './scroll.js';
import { room } from './room.js';
import * as sidebar from './sidebar.js';
import * as text from './text.js';
import * as unread from './unread.js';

scroll.start(() => {
	pages.toPresent().catch(() => leaveFor(room.path));
});
list.start();
nameMoments(document);
actions.start();
pages.start();
text.start();
drawer.start();
sidebar.start(live.stop);
unread.start(sidebar.refreshSoon);
comeback.start();
const composer = document.getElementById('composer');
if (composer instanceof HTMLFormElement) {
	compose.start(composer);
}
live.start(outbox.retryAll);

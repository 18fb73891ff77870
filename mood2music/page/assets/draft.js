// The piece while it is written: its roll grows, and its sound begins as soon as there is some.
// value: null, or {title, roll, sound, until}: `until` seconds of it sound by now, null for all.
// When the piece is there (the document's event "written"), its first player goes on where this one is.
// The player is no part of the document, which would stop it wherever it is drawn anew.
const WHO = [[0, 'the song\'s own notes'], [1, 'the network'], [2, 'changed by the style'],
  [3, 'the accompaniment that was chosen']];
const LOW = 36, HIGH = 86;
const sound = new Audio();
// heard: the roll of the piece that sounds, whose tempo may be another than that of the one that is shown.
let now = null, heard = null, waiting = false, stopped = false;

function draw() {
  const root = element.querySelector('.draft');
  const value = props.value;
  if (!value) {
    root.replaceChildren();
    now = null;
    // A run that ended without a piece leaves no sound behind.
    setTimeout(() => { if (!now && !document.querySelector('#status [data-state=done]')) silence(); }, 500);
    return;
  }
  if (!now) {
    root.replaceChildren();
    const top = make(root, 'p', {class: 'top'});
    make(top, 'button', {type: 'button', class: 'play', disabled: ''}, 'play');
    make(top, 'span', {class: 'title'});
    make(top, 'span', {class: 'told'});
    make(root, 'div', {class: 'here'});
    make(root, 'div', {class: 'who'});
    silence();
    stopped = false;
  }
  hear(value);
  const {roll: shown} = value;
  root.querySelector('.title').textContent = value.title;
  const scrolled = root.querySelector('.roll')?.scrollLeft ?? 0;
  const here = root.querySelector('.here');
  here.replaceChildren();
  const fixed = {...shown, low: Math.min(shown.low, LOW), high: Math.max(shown.high, HIGH)};
  const who = new Set(shown.notes.map(note => note[3])), told = root.querySelector('.who');
  if (told.childElementCount !== 1 || told.firstChild.childElementCount !== who.size) {
    told.replaceChildren();
    legend(told, WHO.filter(([one]) => who.has(one)));
  }
  const window = roll(here, 'the piece as it is written', fixed, sound);
  window.scrollLeft = sound.src && !sound.paused ? scrolled : shown.seconds * SECOND;
  now = value;
  tell();
}

// Sound that is new goes on where the last one is.
function hear(value) {
  if (!value.sound || (now && now.sound === value.sound)) return;
  const begun = now && now.sound, at = begun ? along(sound.currentTime, heard, value.roll) : 0;
  const on = !begun || !sound.paused || waiting;
  sound.src = value.sound;
  heard = value.roll;
  sound.currentTime = at;
  waiting = false;
  if (on && !stopped) play();
}

function play() {
  stopped = false;
  for (const other of document.querySelectorAll('audio')) other.pause();
  // A browser may want a press of its own before anything sounds.
  sound.play().catch(() => { stopped = true; tell(); });
}

function silence() {
  sound.pause();
  sound.removeAttribute('src');
  sound.load();
  waiting = false;
}

function tell() {
  const button = element.querySelector('button.play'), told = element.querySelector('.told');
  if (!button || !now) return;
  button.disabled = !now.sound;
  button.textContent = sound.src && !sound.paused ? 'pause' : 'play';
  told.textContent = waiting ? 'the rest comes in a moment' : !now.sound ? 'it sounds in a moment' : clock(sound.currentTime);
}

for (const event of ['play', 'pause', 'timeupdate']) sound.addEventListener(event, () => {
  if (now && now.until !== null && now.sound && sound.currentTime >= now.until && !sound.paused) {
    waiting = true;
    sound.pause();
  }
  tell();
});
document.addEventListener('play', () => { sound.pause(); }, true);
document.addEventListener('written', () => {
  const first = document.querySelector('#results audio');
  if (!sound.getAttribute('src') || !first) return;
  const on = !stopped && (!sound.paused || waiting);
  first.currentTime = sound.ended ? 0 : sound.currentTime;
  if (on) first.play().catch(() => {});
  silence();
});
element.addEventListener('click', event => {
  if (!event.target.matches('button.play')) return;
  if (sound.paused) return play();
  stopped = true;
  sound.pause();
});
watch('value', draw);
draw();

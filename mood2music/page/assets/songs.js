// The songs offered: a list to choose from, each to be heard first; and the chosen one, in #from.
// value: {songs: [{id, title, artist, style, key, tempo, near, valence, arousal}], chosen: id | null, hear: id | null,
//   asked: [valence, arousal, style, composer] that the list was asked by}
// Tells the plane by the document's event "song" where the chosen one lies.
// Triggers "hear"; value.hear is then the id.
function line(parent, name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

const bpm = song => song.tempo ? `${song.tempo} bpm` : '';
let shown = null;

function draw() {
  const list = element.querySelector('.list');
  const key = JSON.stringify(props.value.songs);
  if (key === shown) return mark();
  shown = key;
  const had = list.contains(document.activeElement);
  list.replaceChildren();
  for (const song of props.value.songs) {
    const row = line(list, 'div', 'row');
    const label = line(row, 'label', '');
    const radio = line(label, 'input', '');
    radio.type = 'radio';
    radio.name = 'song';
    radio.value = song.id;
    const words = line(label, 'span', 'words');
    line(words, 'span', 'title', song.title);
    const facts = [song.artist, song.style, song.key, bpm(song), song.near].filter(Boolean);
    line(words, 'span', 'facts', facts.join(' \u00b7 '));
    const hear = line(row, 'button', 'hear', 'hear');
    hear.type = 'button';
    hear.dataset.id = song.id;
    hear.setAttribute('aria-label', `hear ${song.title}`);
  }
  element.querySelector('.none').hidden = props.value.songs.length > 0;
  mark();
  if (had) (list.querySelector('input:checked') || list.querySelector('input') || list).focus({preventScroll: true});
}

function mark() {
  for (const radio of element.querySelectorAll('input[type=radio]')) {
    radio.checked = radio.value === props.value.chosen;
    radio.closest('.row').classList.toggle('chosen', radio.checked);
  }
  const from = document.querySelector('#from .song');
  const song = props.value.songs.find(one => one.id === props.value.chosen);
  document.dispatchEvent(new CustomEvent('song', {detail: song ? [song.valence, song.arousal] : null}));
  if (!from) return;
  from.querySelector('.title').textContent = song ? song.title : 'no song yet';
  from.querySelector('.facts').textContent = song ? [song.style, bpm(song)].filter(Boolean).join(', ') : '';
  const hear = from.querySelector('.hear');
  hear.hidden = !song;
  if (song) hear.setAttribute('aria-label', `hear ${song.title}`);
}

// Which song was asked for last: a list that comes from the server between a press and its sending knows nothing of it.
let asked = null;
function hear(id) {
  asked = id;
  props.value = {...props.value, hear: id};
  trigger('hear');
}
function remember() {
  if (asked && props.value.hear !== asked) props.value = {...props.value, hear: asked};
}

element.addEventListener('change', event => {
  if (!event.target.matches('input[type=radio]')) return;
  props.value = {...props.value, chosen: event.target.value};
  mark();
});
element.addEventListener('click', event => {
  const button = event.target.closest('button.hear');
  if (button) hear(button.dataset.id);
});
document.addEventListener('click', event => {
  if (event.target.closest('#from button.hear') && props.value.chosen) hear(props.value.chosen);
});
watch('value', () => { draw(); remember(); });
draw();

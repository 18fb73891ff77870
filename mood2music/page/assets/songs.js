// The songs offered: a list to choose from, each to be heard first.
// value: {songs: [{id, title, artist, style, key, tempo, distance}], chosen: id | null, hearing: id | null}
// Triggers "chosen" and "hear"; value.hear is then the id.
function line(parent, name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

function draw() {
  const list = element.querySelector('.list');
  list.replaceChildren();
  for (const song of props.value.songs) {
    const row = line(list, 'div', 'row' + (song.id === props.value.chosen ? ' chosen' : ''));
    const label = line(row, 'label', '');
    const radio = line(label, 'input', '');
    radio.type = 'radio';
    radio.name = 'song';
    radio.value = song.id;
    radio.checked = song.id === props.value.chosen;
    const words = line(label, 'span', 'words');
    line(words, 'span', 'title', song.title);
    const facts = [song.artist, song.style, song.key, song.tempo ? `${song.tempo} a minute` : '',
                   `${song.distance.toFixed(2)} away`].filter(Boolean);
    line(words, 'span', 'facts', facts.join(' · '));
    const hear = line(row, 'button', 'hear', 'hear');
    hear.type = 'button';
    hear.dataset.id = song.id;
    hear.setAttribute('aria-label', `hear ${song.title}`);
  }
  element.querySelector('.none').hidden = props.value.songs.length > 0;
}

element.addEventListener('change', event => {
  if (!event.target.matches('input[type=radio]')) return;
  props.value = {...props.value, chosen: event.target.value};
  draw();
  trigger('chosen');
});
element.addEventListener('click', event => {
  const hear = event.target.closest('button.hear');
  if (!hear) return;
  props.value = {...props.value, hear: hear.dataset.id};
  trigger('hear');
});
watch('value', draw);
draw();

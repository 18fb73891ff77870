// The token of the visit that this tab had, null for a new one: a function of the page's loading, before it asks whose visit it is.
// A tab that is duplicated begins with a copy of what the other keeps. So each asks first whether an open tab holds the same visit.
async () => {
  const held = () => sessionStorage.getItem('visit');
  const tabs = new BroadcastChannel('visit');
  const taken = held() && await new Promise(answer => {
    tabs.onmessage = ({data}) => { if (data.mine === held()) answer(true); };
    tabs.postMessage({whose: held()});
    setTimeout(answer, 500, false);
  });
  if (taken) sessionStorage.removeItem('visit');
  tabs.onmessage = ({data}) => { if (data.whose && data.whose === held()) tabs.postMessage({mine: data.whose}); };
  return [held()];
}

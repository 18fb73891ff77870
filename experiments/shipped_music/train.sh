#!/usr/bin/env bash
# Trains the shipped music networks: ./train.sh MUSIC RUNS [lstm|bilstm_attention ...]
# MUSIC: folder with classical/ jazz/ pop/ as data.root; RUNS: where run folders go. One core each.
set -euo pipefail
music=$1 runs=$2
shift 2
export OMP_NUM_THREADS=1
common=(
  data=midi "data.root=$music" "data.exclude=[vgmidi/*,jazz/joplin_kern_NC/*]"
  trainer.threads=1 trainer.patience=0 optimizer.schedule=cosine optimizer.warmup=0.05
  model.encoder.dropout=0.1 model.half=true
)
for model in "${@:-lstm}"; do
  if [ "$model" = lstm ]; then
    base=(trainer.epochs=8 optimizer.lr=0.003)
    tuned=(trainer.epochs=3 optimizer.lr=0.0005)
  else
    # A little narrower, so that all shipped weights stay below 40 MB.
    size=(model.encoder.hidden=224 model.encoder.embedding=224)
    base=("${size[@]}" trainer.epochs=6 optimizer.lr=0.001 data.batch_size=256 data.epoch=32000)
    tuned=("${size[@]}" trainer.epochs=2 optimizer.lr=0.0002 data.batch_size=256 data.epoch=16000)
  fi
  python -m mood2music.train model="$model" "${common[@]}" "${base[@]}" \
    hydra.run.dir="$runs/${model}_base"
  for style in jazz classical pop; do
    python -m mood2music.train model="$model" "${common[@]}" "${tuned[@]}" \
      "data.include=[$style/*]" model.init="$runs/${model}_base/best.safetensors" \
      hydra.run.dir="$runs/${model}_$style"
  done
done

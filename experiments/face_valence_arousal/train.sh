#!/usr/bin/env bash
# Trains the shipped face networks and the paper's: ./train.sh FACES RUNS
# FACES: folder with fer2013_train.zip, fer2013_val.zip, diffusionfer.zip; RUNS: where runs go. One core.
set -euo pipefail
faces=$1 runs=$2
export OMP_NUM_THREADS=1
common=(
  data=faces "data.root=[$faces/fer2013_train.zip,$faces/diffusionfer.zip]"
  "data.test_root=$faces/fer2013_val.zip" "data.repeat=[1,3]"
  "data.val_fraction=[0.06,0.12]" "data.test_fraction=[0,0.18]"
  optimizer=adamw optimizer.schedule=cosine optimizer.warmup=0.1
  trainer.patience=0 trainer.threads=1
)
# One network for both axes from ImageNet's weights, then one an axis from that: on one core a joint
# epoch teaches both axes for the price of one.
python -m mood2music.train model=alexnet model.heads=joint "${common[@]}" \
  optimizer.lr=3e-4 trainer.epochs=5 hydra.run.dir="$runs/alexnet_joint"
for axis in valence arousal; do
  python -m mood2music.train model=alexnet "model.axes=[$axis]" "${common[@]}" \
    model.init="$runs/alexnet_joint/best.safetensors" \
    optimizer.lr=1e-4 trainer.epochs=2 hydra.run.dir="$runs/face_$axis"
done
python -m mood2music.train model=cnn10 model.heads=joint "${common[@]}" \
  optimizer.lr=2e-3 trainer.epochs=6 hydra.run.dir="$runs/cnn10_joint"

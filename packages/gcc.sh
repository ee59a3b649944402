# Finishes the tree of gcc: it is its own sysroot, in which the C library lies as links.
ln -s . usr
glibc=${libraries%% *}
triplet=x86_64-linux-gnu
for file in "$glibc"/lib/$triplet/*; do
  [ -e "lib/$triplet/${file##*/}" ] || ln -s "$file" "lib/$triplet/"
done
mkdir -p lib64
ln -sf "$glibc"/lib64/* lib64/
for program in bin/$triplet-*; do
  name=${program#bin/$triplet-}
  name=${name%-14}
  [ -e "bin/$name" ] || ln -s "${program#bin/}" "bin/$name"
done
ln -sf ld.bfd bin/ld
rm bin/lto-dump bin/$triplet-lto-dump-14 bin/gcc
cat >bin/gcc <<END
#!$shell
exec $out/bin/$triplet-gcc-14 -B$out/bin --sysroot=$out \\
  -Wl,-dynamic-linker,$glibc/lib64/ld-linux-x86-64.so.2 -Wl,-rpath,$glibc/lib/$triplet "\$@"
END
chmod +x bin/gcc
ln -s gcc bin/cc

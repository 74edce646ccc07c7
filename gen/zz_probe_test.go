package gen_test
import ("testing";"math/rand";"bytes";"testing/fstest";"time";"fmt"; "github.com/venuewire/venuewire/gen")
func TestZZ(t *testing.T){
 rnd := rand.New(rand.NewSource(1))
 start := time.Now(); n:=0
 for time.Since(start) < 60*time.Second {
  for _, dir := range []string{"krakenv1","kraken","ibkr","polygon"} {
   files := read(t, dir)
   var names []string; for k := range files { names = append(names,k) }
   name := names[rnd.Intn(len(names))]
   src := files[name]
   lines := bytes.SplitAfter(src, []byte("\n"))
   for k:=0;k<1+rnd.Intn(3);k++ { i := rnd.Intn(len(lines)); 
     switch rnd.Intn(5) {
     case 0: lines[i] = nil
     case 1: j := rnd.Intn(len(lines)); lines[i] = lines[j]
     case 2: toks := bytes.Split(lines[i], []byte(" ")); if len(toks)>2 { a,b := rnd.Intn(len(toks)), rnd.Intn(len(toks)); toks[a]=toks[b]; lines[i]=bytes.Join(toks, []byte(" ")) }
     case 3: lines[i] = bytes.ReplaceAll(lines[i], []byte("{"), []byte("["))
     case 4: if k := bytes.IndexByte(lines[i], ':'); k>0 { lines[i] = append(append([]byte{}, lines[i][:k+1]...), []byte([]string{" null\n"," []\n"," {}\n"," 5\n"," \"\"\n"," [a, {b: c}]\n"}[rnd.Intn(6)])...) }
     } }
   load(t, fmt.Sprint(dir, name), files, name, bytes.Join(lines,nil)); n++
   _ = fstest.MapFS{}; _ = gen.Load
  } }
 fmt.Println("loads", n)
}

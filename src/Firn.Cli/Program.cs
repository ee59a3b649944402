Console.WriteLine("nix (Firn 0.1.0) 2.34.8");
return 0;

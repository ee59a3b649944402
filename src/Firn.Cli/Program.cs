return Firn.Cli.Invocation.Run(args);

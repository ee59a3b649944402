namespace Firn.Platform.Linux;

/// <summary>The kernel's error numbers that somebody here decides by.</summary>
public enum Errno
{
    NotPermitted = 1,
    NoEntry = 2,
    Interrupted = 4,
    NoExec = 8,
    BadDescriptor = 9,
    Again = 11,
    Access = 13,
    Exists = 17,
    CrossDevice = 18,
    NotDirectory = 20,
    IsDirectory = 21,
    Invalid = 22,
    NoSpace = 28,
    ReadOnlyFileSystem = 30,
    TooManyLinks = 31,
    NameTooLong = 36,
    NotEmpty = 39,
    TooManySymlinks = 40,
    NoData = 61,
    NotSupported = 95,
    ConnectionReset = 104,
    ConnectionRefused = 111,
    BrokenPipe = 32,
}

using System.Reflection;
using System.Runtime.InteropServices;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Web.Forms;
using PatientResponse.Tests.Fuzzing;
using SharpFuzz;

// list | samples READER FOLDER | tokens READER | read READER FILE… | READER (under afl-fuzz)
switch (args)
{
    case ["list"]:
        foreach (var reader in Readers.All) Console.WriteLine(reader.Name);
        break;
    case ["samples", var name, var folder]:
        foreach (var (number, sample) in Readers.Named(name).Samples().Index())
            File.WriteAllBytes(Path.Combine(folder, $"sample-{number}"), sample);
        break;
    case ["tokens", var name]:
        foreach (var token in Readers.Named(name).Tokens) Console.WriteLine(AflDictionary.Line(token));
        break;
    case ["read", var name, .. var files]:
        return files.Aggregate(0, (code, file) => Breaks(Readers.Named(name), file) ? 1 : code);
    case [var name]:
        Watch(name);
        break;
    default:
        Console.Error.WriteLine("list | samples READER FOLDER | tokens READER | read READER FILE… | READER (under afl-fuzz)");
        return 2;
}
return 0;

static void Watch(string name)
{
    const int MapBytes = 1 << 16;
    // Instrumented code writes there from its first branch on, before afl-fuzz gives it a place. Not by its name: what knows
    // that counts as instrumented already.
    Assembly.Load("SharpFuzz.Common").GetType("SharpFuzz.Common.Trace")!.GetField("SharedMem")!.SetValue(null, Marshal.AllocHGlobal(MapBytes));
    var reader = Readers.Named(name);
    // Compiled before it is timed.
    foreach (var sample in reader.Samples()) Fault(reader, sample);
    // In a process of its own: what overflows the stack or never ends takes only that one with it.
    Fuzzer.OutOfProcess.Run(input => reader.Read(Bytes.Of(input)));
}

static bool Breaks(Reader reader, string file)
{
    var fault = Fault(reader, File.ReadAllBytes(file));
    if (fault is not null) Console.WriteLine($"{file}\n{fault}");
    return fault is not null;
}

static Exception? Fault(Reader reader, byte[] input)
{
    try
    {
        reader.Read(input);
        return null;
    }
    catch (Exception fault)
    {
        return fault;
    }
}

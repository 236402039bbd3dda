using PatientResponse.Tests.Fuzzing.Reading;

namespace PatientResponse.Tests.Fuzzing;

/// <summary>Every reader of what people, their programs and other services send.</summary>
public static class Readers
{
    public static IReadOnlyList<Reader> All { get; } =
        [.. Documents.All, .. Pictures.All, .. Stored.All, .. Replies.All, .. Lists.All, .. Words.All, .. Codes.All, .. Services.All];

    public static Reader Named(string name) =>
        All.Append(Planted.Reader).FirstOrDefault(reader => reader.Name == name)
        ?? throw new ArgumentException($"There is no reader {name}: {string.Join(' ', All.Select(reader => reader.Name))}");
}

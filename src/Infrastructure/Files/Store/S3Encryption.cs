using Amazon.S3;
using Amazon.S3.Model;

namespace PatientResponse.Infrastructure.Files.Store;

/// <summary>Encryption by the bucket, besides our own. Some servers ignore the wish in silence: only their answer counts.</summary>
internal static class S3Encryption
{
    public static void AskFor(this S3Settings settings, PutObjectRequest request) =>
        (request.ServerSideEncryptionMethod, request.ServerSideEncryptionKeyManagementServiceKeyId) = settings.Wish();

    public static void AskFor(this S3Settings settings, InitiateMultipartUploadRequest request) =>
        (request.ServerSideEncryptionMethod, request.ServerSideEncryptionKeyManagementServiceKeyId) = settings.Wish();

    public static bool IsAsAsked(this S3Settings settings, ServerSideEncryptionMethod? answer) =>
        settings.Wish().Method is not { } wish || wish == answer;

    public static FileStoreUnavailableException Missing(ILogger logger)
    {
        logger.LogError("The S3 bucket does not encrypt as Files:S3:ServerSideEncryption says. Nothing is kept there until it does.");
        return new(new InvalidOperationException("The bucket did not encrypt."));
    }

    private static (ServerSideEncryptionMethod? Method, string? Key) Wish(this S3Settings settings) => string.IsNullOrEmpty(settings.ServerSideEncryption)
        ? (null, null)
        : (new(settings.ServerSideEncryption), string.IsNullOrEmpty(settings.KmsKeyId) ? null : settings.KmsKeyId);
}
